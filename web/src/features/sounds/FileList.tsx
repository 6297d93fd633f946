// SPDX-License-Identifier: GPL-3.0-or-later
// Audio files that can be heard, added and taken away.
import { ActionIcon, FileButton, Button, Group, Progress, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { files } from '@/api/client';
import classes from '@/components/components.module.css';
import { ConfirmButton } from '@/components/ConfirmButton';
import { useErrorText } from '@/components/error_text';
import { IconPlayerPlay, IconPlayerStop, IconTrash, IconUpload } from '@/components/icons';
import { Problem } from '@/components/Problem';
import { usePlayer } from './use_player';

export interface AudioFile {
  name: string;
  /// What else there is to say of it.
  about?: string;
  /// Where it is fetched and erased.
  path: string;
}

interface Props {
  label: string;
  list: readonly AudioFile[];
  /// Where a file of a name goes; null: nothing is added or taken away here.
  place: ((name: string) => string) | null;
}

const kManyFiles = 12;

export function FileList({ label, list, place }: Props) {
  const { t } = useTranslation();
  const error_text = useErrorText();
  const queries = useQueryClient();
  const [problem, set_problem] = useState('');
  const [progress, set_progress] = useState<number | null>(null);
  const [search, set_search] = useState('');
  const reset = useRef<() => void>(null);
  const failed = useCallback((error: unknown) => set_problem(error instanceof DOMException ? t('sounds.notPlayable') : error_text(error)), [t, error_text]);
  const { current, play, stop } = usePlayer(files.get, failed);
  const upload = async (chosen: File[]) => {
    set_problem('');
    try {
      for (const [index, file] of chosen.entries()) {
        set_progress(index / chosen.length);
        await files.put(place!(file.name), file, { progress: (part) => set_progress((index + part) / chosen.length) });
      }
    } catch (error) {
      failed(error);
    }
    set_progress(null);
    reset.current?.();
    await queries.invalidateQueries();
  };
  const erase = async (path: string) => {
    set_problem('');
    try {
      await files.erase(path);
    } catch (error) {
      failed(error);
    }
    await queries.invalidateQueries();
  };
  const shown = list.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()));
  return (
    <Stack gap="sm" role="group" aria-label={label}>
      <Problem>{problem}</Problem>
      {list.length > kManyFiles && <TextInput type="search" aria-label={t('table.search')} placeholder={t('table.search')} value={search} onChange={(event) => set_search(event.currentTarget.value)} maw="26rem" />}
      {shown.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('sounds.noFiles')}
        </Text>
      )}
      <div className={classes.files}>
        {shown.map(({ name, about, path }) => (
          <Group key={path} gap="sm" wrap="nowrap" className={classes.file} data-testid="audio-file">
            <ActionIcon variant="light" size="lg" radius="xl" aria-label={t(current === path ? 'sounds.stop' : 'sounds.listen', { name })} onClick={() => (current === path ? stop() : void play(path))}>
              {current === path ? <IconPlayerStop size={18} /> : <IconPlayerPlay size={18} />}
            </ActionIcon>
            <Text size="sm" flex={1} miw={0}>
              {name}
              {about && (
                <Text span c="dimmed" size="xs">
                  {' '}
                  {about}
                </Text>
              )}
            </Text>
            {place && <ConfirmButton quiet icon={<IconTrash size={14} />} label={t('form.erase')} question={t('sounds.eraseQuestion', { name })} confirmed={() => erase(path)} />}
          </Group>
        ))}
      </div>
      {progress !== null && <Progress value={progress * 100} aria-label={t('import.sending')} />}
      {place && (
        <Group>
          <FileButton resetRef={reset} multiple accept="audio/*" onChange={(chosen) => void upload(chosen)} inputProps={{ 'aria-label': t('sounds.add') }}>
            {(button) => (
              <Button {...button} variant="default" leftSection={<IconUpload size={16} />} loading={progress !== null}>
                {t('sounds.add')}
              </Button>
            )}
          </FileButton>
          <Text size="xs" c="dimmed">
            {t('sounds.formats')}
          </Text>
        </Group>
      )}
    </Stack>
  );
}
