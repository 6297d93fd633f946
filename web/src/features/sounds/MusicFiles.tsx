// SPDX-License-Identifier: GPL-3.0-or-later
import { Card, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { FileList } from './FileList';

/// The audio files of a category of music on hold.
export function MusicFiles({ uuid, files }: { uuid: string; files: ReadonlyArray<Record<string, unknown>> }) {
  const { t } = useTranslation();
  const place = (name: string) => `/moh/${encodeURIComponent(uuid)}/files/${encodeURIComponent(name)}`;
  return (
    <Card withBorder radius="md" padding="lg" mt="lg" component="section" aria-label={t('sounds.files')}>
      <Title order={2} size="h4" mb="md">
        {t('sounds.files')}
      </Title>
      <FileList label={t('sounds.files')} list={files.map((file) => ({ name: String(file['name']), path: place(String(file['name'])) }))} place={place} />
    </Card>
  );
}
