// SPDX-License-Identifier: GPL-3.0-or-later
// Choice of microphone, speaker and ring device; in force at once, in a call as well.
import { Alert, Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { can_choose_ring, can_choose_speaker, devices, type DeviceRole } from './devices';
import { usePhone } from './PhoneProvider';
import classes from './softphone.module.css';

const kMeterPeriod = 100;
/// Of the samples of a loud voice: where the meter is full.
const kLoud = 0.3;

/// How loud the microphone is that is chosen now.
function Meter({ device }: { device: string }) {
  const { t } = useTranslation();
  const bar = useRef<HTMLDivElement>(null);
  const [problem, set_problem] = useState<'microphoneRefused' | 'microphoneMissing' | null>(null);
  useEffect(() => {
    let over = false;
    let stop = () => {};
    const open = async () => {
      try {
        const track = await devices.open_microphone();
        if (over) return track.stop();
        const audio = new AudioContext();
        const analyser = audio.createAnalyser();
        audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
        const samples = new Float32Array(analyser.fftSize);
        const timer = setInterval(() => {
          analyser.getFloatTimeDomainData(samples);
          const loudness = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
          const percent = Math.min(100, Math.round((100 * loudness) / kLoud));
          bar.current?.setAttribute('aria-valuenow', String(percent));
          bar.current?.style.setProperty('--level', `${percent}%`);
        }, kMeterPeriod);
        stop = () => {
          clearInterval(timer);
          track.stop();
          void audio.close();
        };
        set_problem(null);
        void devices.look();
      } catch (reason) {
        if (!over) set_problem((reason as { name?: string } | null)?.name === 'NotAllowedError' ? 'microphoneRefused' : 'microphoneMissing');
      }
    };
    void open();
    return () => {
      over = true;
      stop();
    };
  }, [device]);
  if (problem)
    return (
      <Alert color="red" variant="light" role="alert">
        {t(`phone.failure.${problem}`)}
      </Alert>
    );
  return (
    <div>
      <Text size="sm" c="dimmed" mb={4}>
        {t('devices.speak')}
      </Text>
      <div ref={bar} className={classes.meter} role="meter" aria-label={t('devices.level')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={0} data-testid="level" />
    </div>
  );
}

function Choice({ of: role }: { of: DeviceRole }) {
  const { t } = useTranslation();
  const { phone } = usePhone();
  const { known, chosen } = useSyncExternalStore(devices.subscribe, devices.snapshot);
  const used = devices.id_of(role);
  const missing = chosen[role] !== undefined && known[role].length > 0 && used === '';
  return (
    <Group align="end" gap="xs">
      <Select
        label={t(`devices.${role}`)}
        description={missing ? t('devices.missing', { name: chosen[role]?.label }) : undefined}
        data={[{ value: '', label: t('devices.system') }, ...known[role].map(({ id, label }, index) => ({ value: id, label: label || t('devices.unnamed', { number: index + 1 }) }))]}
        value={used}
        onChange={(id) => devices.choose(role, id ?? '')}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        flex="1 1 12rem"
        miw={0}
      />
      {role !== 'microphone' && (
        <Button variant="default" onClick={() => phone.try_sound(role)}>
          {t(`devices.try.${role}`)}
        </Button>
      )}
    </Group>
  );
}

export function DevicesDialog({ close }: { close: () => void }) {
  const { t } = useTranslation();
  useSyncExternalStore(devices.subscribe, devices.snapshot);
  return (
    <Modal opened onClose={close} title={t('devices.title')} closeButtonProps={{ 'aria-label': t('form.close') }}>
      <Stack gap="lg">
        <Choice of="microphone" />
        <Meter device={devices.id_of('microphone')} />
        {can_choose_speaker() ? <Choice of="speaker" /> : <Text size="sm">{t('devices.noSpeakers')}</Text>}
        {can_choose_ring() && <Choice of="ring" />}
      </Stack>
    </Modal>
  );
}
