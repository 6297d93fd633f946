// SPDX-License-Identifier: GPL-3.0-or-later
// What callers hear before they leave a message: the standard words, or the person's own.
import { Button, Card, FileButton, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { kGreetings, voicemail, type Greeting } from '@/api/client';
import { ConfirmButton } from '@/components/ConfirmButton';
import { IconMicrophone, IconTrash, IconUpload } from '@/components/icons';
import { useAccount } from '@/features/session/use_session';
import type { Player } from '@/features/sounds/use_player';
import { PlayerBar } from './PlayerBar';
import { as_wav } from './wav';

const RecordDialog = lazy(() => import('./RecordDialog').then((module) => ({ default: module.RecordDialog })));

function GreetingRow({ greeting, player, failed }: { greeting: Greeting; player: Player; failed: (error: unknown) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { user_uuid } = useAccount();
  const [busy, set_busy] = useState(false);
  const [recording, set_recording] = useState(false);
  const reset = useRef<() => void>(null);
  const queryKey = ['me', user_uuid, 'greeting', greeting];
  const { data: own } = useQuery({ queryKey, queryFn: ({ signal }) => voicemail.has_greeting(greeting, signal) });
  const change = async (work: () => Promise<unknown>) => {
    if (player.current === greeting) player.stop();
    set_busy(true);
    try {
      await work();
    } catch (error) {
      failed(error);
    }
    set_busy(false);
    reset.current?.();
    await queries.invalidateQueries({ queryKey });
  };
  const keep = async (sound: Blob) => {
    await voicemail.replace_greeting(greeting, sound);
    if (player.current === greeting) player.stop();
    await queries.invalidateQueries({ queryKey });
  };
  const upload = (file: File | null) => {
    if (file) void change(async () => keep(await as_wav(file)));
  };
  const title = t(`voicemail.greeting.${greeting}`);
  return (
    <div role="group" aria-label={title} data-testid={`greeting-${greeting}`} data-own={own}>
      <Text fw={500}>{title}</Text>
      <Text size="sm" c="dimmed" mb="xs">
        {t(`voicemail.greetingAbout.${greeting}`)} {own !== undefined && t(own ? 'voicemail.ownWords' : 'voicemail.standardWords')}
      </Text>
      <Group gap="sm">
        {own && <PlayerBar name={greeting} player={player} />}
        <Button
          variant="default"
          size="xs"
          leftSection={<IconMicrophone size={14} />}
          disabled={busy}
          onClick={() => {
            player.pause();
            set_recording(true);
          }}
        >
          {t('voicemail.record')}
        </Button>
        <FileButton resetRef={reset} accept="audio/*" onChange={upload} inputProps={{ 'aria-label': t('voicemail.uploadFor', { greeting: title }) }}>
          {(button) => (
            <Button {...button} variant="default" size="xs" leftSection={<IconUpload size={14} />} loading={busy}>
              {t('voicemail.upload')}
            </Button>
          )}
        </FileButton>
        {own && <ConfirmButton quiet icon={<IconTrash size={14} />} label={t('form.erase')} question={t('voicemail.eraseGreetingQuestion')} confirmed={() => change(() => voicemail.erase_greeting(greeting))} />}
      </Group>
      {recording && (
        <Suspense fallback={null}>
          <RecordDialog title={title} save={keep} close={() => set_recording(false)} />
        </Suspense>
      )}
    </div>
  );
}

/// @param player of the whole view, as one sound is heard at a time.
export function Greetings({ player, failed }: { player: Player; failed: (error: unknown) => void }) {
  const { t } = useTranslation();
  return (
    <Card withBorder radius="md" padding="lg" component="section" aria-label={t('voicemail.greetings')}>
      <Title order={2} size="h4" mb={4}>
        {t('voicemail.greetings')}
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {t('voicemail.greetingsAbout')}
      </Text>
      <Stack gap="lg">
        {kGreetings.map((greeting) => (
          <GreetingRow key={greeting} greeting={greeting} player={player} failed={failed} />
        ))}
      </Stack>
    </Card>
  );
}
