// SPDX-License-Identifier: GPL-3.0-or-later
// Choice of microphone, speaker and ring device; in force at once, in a call as well.
import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { can_choose_ring, can_choose_speaker, devices, type DeviceRole } from './devices';
import { MicrophoneMeter } from './MicrophoneMeter';
import { usePhone } from './PhoneProvider';

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
        <MicrophoneMeter device={devices.id_of('microphone')} />
        {can_choose_speaker() ? <Choice of="speaker" /> : <Text size="sm">{t('devices.noSpeakers')}</Text>}
        {can_choose_ring() && <Choice of="ring" />}
      </Stack>
    </Modal>
  );
}
