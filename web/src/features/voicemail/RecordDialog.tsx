// SPDX-License-Identifier: GPL-3.0-or-later
// A greeting is spoken into the microphone, heard, and spoken again or kept.
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Elapsed } from '@/components/Elapsed';
import { useErrorText } from '@/components/error_text';
import { IconMicrophone, IconPlayerStop } from '@/components/icons';
import { Problem } from '@/components/Problem';
import { devices } from '@/features/softphone/devices';
import { MicrophoneMeter } from '@/features/softphone/MicrophoneMeter';
import { usePlayer } from '@/features/sounds/use_player';
import { PlayerBar } from './PlayerBar';
import { begin_recording, type Recording } from './recording';

/// In milliseconds; nobody listens to a longer greeting.
const kLongest = 180_000;
const kDraft = 'draft';

interface Props {
  title: string;
  /// Where it refuses, what was said is kept, to be saved again.
  save: (sound: Blob) => Promise<void>;
  close: () => void;
}

export function RecordDialog({ title, save, close }: Props) {
  const { t } = useTranslation();
  const error_text = useErrorText();
  useSyncExternalStore(devices.subscribe, devices.snapshot);
  const [recording, set_recording] = useState<Recording | null>(null);
  const [since, set_since] = useState(0);
  const [spoken, set_spoken] = useState<Blob | null>(null);
  const [busy, set_busy] = useState(false);
  const [problem, set_problem] = useState('');
  const draft = useRef<Blob>(new Blob());
  const failed = useCallback((error: unknown) => set_problem(error instanceof DOMException ? t('voicemail.notRecorded') : error_text(error)), [t, error_text]);
  const fetch_draft = useCallback(() => Promise.resolve(draft.current), []);
  const player = usePlayer(fetch_draft, failed);
  const finish = useCallback(
    async (current: Recording) => {
      try {
        draft.current = await current.finish();
        set_spoken(draft.current);
      } catch (error) {
        failed(error);
      }
      set_recording(null);
    },
    [failed],
  );
  useEffect(() => {
    if (!recording) return;
    const timer = setTimeout(() => void finish(recording), kLongest);
    return () => {
      clearTimeout(timer);
      recording.cancel();
    };
  }, [recording, finish]);
  const open = useRef(true);
  useEffect(() => {
    open.current = true;
    return () => {
      open.current = false;
    };
  }, []);
  const begin = async () => {
    set_problem('');
    player.stop();
    try {
      const begun = await begin_recording();
      if (!open.current) return begun.cancel();
      set_recording(begun);
      set_since(Date.now());
      set_spoken(null);
    } catch (error) {
      failed(error);
    }
  };
  const keep = async (sound: Blob) => {
    set_problem('');
    set_busy(true);
    try {
      await save(sound);
      close();
    } catch (error) {
      failed(error);
      set_busy(false);
    }
  };
  return (
    <Modal opened onClose={close} title={t('voicemail.recordTitle', { greeting: title })} closeButtonProps={{ 'aria-label': t('form.close') }}>
      <Stack gap="md">
        <Problem>{problem}</Problem>
        {spoken ? <PlayerBar name={kDraft} player={player} /> : <MicrophoneMeter device={devices.id_of('microphone')} />}
        {recording && (
          <Text role="status" data-testid="recording">
            {t('voicemail.recording')} <Elapsed since={since} />
          </Text>
        )}
        <Group justify="flex-end">
          <Button
            variant={spoken ? 'default' : 'filled'}
            {...(recording ? { color: 'red.8' } : {})}
            leftSection={recording ? <IconPlayerStop size={16} /> : <IconMicrophone size={16} />}
            onClick={() => void (recording ? finish(recording) : begin())}
          >
            {t(recording ? 'voicemail.stopRecording' : spoken ? 'voicemail.again' : 'voicemail.beginRecording')}
          </Button>
          {spoken && (
            <Button loading={busy} onClick={() => void keep(spoken)}>
              {t('form.save')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
