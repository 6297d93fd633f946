// SPDX-License-Identifier: GPL-3.0-or-later
// Announcements: those of the program, and those that were added.
import { Accordion, Button, Card, Group, Text, TextInput, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { confd } from '@/api/client';
import type { Sound } from '@/api/generated/confd';
import classes from '@/components/components.module.css';
import { ConfirmButton } from '@/components/ConfirmButton';
import { useErrorText } from '@/components/error_text';
import { useSounds } from '@/components/form/SoundSelect';
import { IconPlus, IconTrash } from '@/components/icons';
import { LoadFailed } from '@/components/LoadFailed';
import { Loading } from '@/components/Loading';
import { Problem } from '@/components/Problem';
import { FileList, type AudioFile } from './FileList';

const kOfTheProgram = 'system';

/// Each language and format is a file of its own.
function files_of({ name: category, files = [] }: Sound): AudioFile[] {
  return files.flatMap(({ name = '', formats = [] }) =>
    formats.map(({ format = '', language }) => ({
      name,
      about: [language, format].filter(Boolean).join(' · '),
      path: `/sounds/${encodeURIComponent(category)}/files/${encodeURIComponent(name)}?format=${encodeURIComponent(format)}${language ? `&language=${encodeURIComponent(language)}` : ''}`,
    })),
  );
}

export function SoundsPage() {
  const { t } = useTranslation();
  const error_text = useErrorText();
  const queries = useQueryClient();
  const { data, error, refetch } = useSounds();
  const [name, set_name] = useState('');
  const [problem, set_problem] = useState('');
  const [folded, set_folded] = useState<ReadonlySet<string>>(new Set([kOfTheProgram]));
  const change = async (work: () => Promise<unknown>) => {
    set_problem('');
    try {
      await work();
      set_name('');
    } catch (reason) {
      set_problem(error_text(reason));
    }
    await queries.invalidateQueries();
  };
  const add = (event: FormEvent) => {
    event.preventDefault();
    void change(() => confd.post('/sounds', { body: { name: name.trim() } }));
  };
  return (
    <>
      <Title order={1} size="h2">
        {t('sounds.title')}
      </Title>
      <Text c="dimmed" mb="lg">
        {t('sounds.about')}
      </Text>
      <Problem mb="lg">{problem}</Problem>
      <Card withBorder radius="md" padding="lg" mb="lg" component="form" onSubmit={add}>
        <Group align="end">
          <TextInput label={t('sounds.newCategory')} value={name} onChange={(event) => set_name(event.currentTarget.value)} />
          <Button type="submit" disabled={name.trim() === ''} leftSection={<IconPlus size={18} />}>
            {t('sounds.addCategory')}
          </Button>
        </Group>
      </Card>
      {error && <LoadFailed error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <Accordion
          variant="contained"
          multiple
          order={2}
          keepMounted={false}
          value={data.map((category) => category.name).filter((category) => !folded.has(category))}
          onChange={(open) => set_folded(new Set(data.map((category) => category.name).filter((category) => !open.includes(category))))}
        >
          {data.map((category) => (
            <Accordion.Item key={category.name} value={category.name}>
              <Accordion.Control>
                {category.name}{' '}
                <Text span c="dimmed" size="sm">
                  {category.name === kOfTheProgram ? t('sounds.ofTheProgram') : t('sounds.count', { count: category.files?.length ?? 0 })}
                </Text>
              </Accordion.Control>
              <Accordion.Panel>
                <FileList
                  label={category.name}
                  list={files_of(category)}
                  place={category.name === kOfTheProgram ? null : (file) => `/sounds/${encodeURIComponent(category.name)}/files/${encodeURIComponent(file)}`}
                />
                {category.name !== kOfTheProgram && (
                  <div className={classes.formEnd}>
                    <ConfirmButton
                      icon={<IconTrash size={18} />}
                      label={t('sounds.eraseCategory')}
                      question={t('sounds.eraseCategoryQuestion', { name: category.name })}
                      confirmed={() => change(() => confd.delete('/sounds/{sound_category}', { path: { sound_category: category.name } }))}
                    />
                  </div>
                )}
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      )}
    </>
  );
}
