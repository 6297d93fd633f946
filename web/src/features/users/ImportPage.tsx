// SPDX-License-Identifier: GPL-3.0-or-later
// Many users at once, out of a table: tried first, then done as one change.
import { Alert, Anchor, Button, Card, FileInput, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { confd, files } from '@/api/client';
import { ApiError } from '@/api/error';
import classes from '@/components/components.module.css';
import { download } from '@/components/download';
import { useErrorText } from '@/components/error_text';
import { useContexts } from '@/components/form/ContextSelect';
import { useUndoable } from '@/components/form/undo';
import { IconArrowLeft, IconDownload, IconUpload } from '@/components/icons';
import { Problem } from '@/components/Problem';
import { names_users, report_of, template, type ImportReport } from './import_report';

const kMostShown = 200;

function Problems({ report }: { report: ImportReport }) {
  const { t } = useTranslation();
  return (
    // It scrolls sideways on small screens, also with the keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.tableFrame} role="group" aria-label={t('import.problems')} tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('import.row')}</th>
            <th scope="col">{t('import.column')}</th>
            <th scope="col">{t('import.value')}</th>
            <th scope="col">{t('import.reason')}</th>
          </tr>
        </thead>
        <tbody>
          {report.problems.slice(0, kMostShown).map(({ row, column, value, reason }, index) => (
            <tr key={index} data-testid="import-problem">
              <td>{row || t('import.file')}</td>
              <td>{column}</td>
              <td>{value}</td>
              <td>{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function ImportPage() {
  const { t } = useTranslation();
  const error_text = useErrorText();
  const undoable = useUndoable();
  const queries = useQueryClient();
  const contexts = useContexts();
  const [file, set_file] = useState<File | null>(null);
  const [changes, set_changes] = useState(false);
  const [report, set_report] = useState<ImportReport | null>(null);
  const [problem, set_problem] = useState('');
  const [progress, set_progress] = useState<number | null>(null);
  const abort = useRef<AbortController | null>(null);

  const choose = async (chosen: File | null) => {
    set_file(chosen);
    set_report(null);
    set_problem('');
    if (chosen) set_changes(names_users(await chosen.slice(0, 8192).text()));
  };
  const send = async (dry_run: boolean) => {
    if (!file) return;
    set_problem('');
    set_report(null);
    set_progress(0);
    abort.current = new AbortController();
    try {
      const { status, data } = await files.table(changes ? 'PUT' : 'POST', `/users/import${dry_run ? '?dry_run=true' : ''}`, file, { progress: set_progress, signal: abort.current.signal });
      const told = report_of(data);
      if (!told) throw ApiError.of(status, data);
      set_report({ ...told, dry_run });
      if (!dry_run && told.problems.length === 0) {
        set_file(null);
        await queries.invalidateQueries();
        await undoable(t(changes ? 'import.changed' : 'import.created', { count: told.rows }));
      }
    } catch (error) {
      if (!(error instanceof DOMException)) set_problem(error_text(error));
    } finally {
      set_progress(null);
    }
  };
  const give_template = async () => {
    const entity = (await confd.get('/entities', { query: { limit: 1 } })).data.items?.[0]?.id ?? 1;
    const context = contexts.data?.find(({ type }) => type === 'internal')?.name ?? 'default';
    download(new Blob([template(String(entity), context)], { type: 'text/csv' }), 'users.csv');
  };
  const give_all = async () => {
    try {
      download(await files.get('/users/export', 'text/csv; charset=utf-8'), 'users.csv');
    } catch (error) {
      set_problem(error_text(error));
    }
  };
  const tried = report !== null && report.dry_run && report.problems.length === 0;
  const busy = progress !== null;
  return (
    <>
      <Anchor component={Link} to="/users" size="sm">
        <Group gap={4}>
          <IconArrowLeft size={16} />
          {t('users.title')}
        </Group>
      </Anchor>
      <Title order={1} size="h2" mt="xs">
        {t('import.title')}
      </Title>
      <Text c="dimmed" mb="lg">
        {t('import.about')}
      </Text>
      <Stack gap="lg">
        <Card withBorder radius="md" padding="lg">
          <Stack gap="md">
            <FileInput
              label={t('import.choose')}
              description={t('import.chooseHelp')}
              placeholder="users.csv"
              accept=".csv,text/csv"
              leftSection={<IconUpload size={16} />}
              value={file}
              onChange={(chosen) => void choose(chosen)}
              clearable
              clearButtonProps={{ 'aria-label': t('table.clear') }}
              disabled={busy}
            />
            {file && <Text size="sm">{t(changes ? 'import.willChange' : 'import.willCreate')}</Text>}
            {busy && (
              <Group gap="sm">
                <Progress value={progress * 100} flex={1} animated={progress >= 1} aria-label={t('import.sending')} />
                <Text size="sm" role="status">
                  {progress < 1 ? t('import.sending') : t('import.checking')}
                </Text>
                <Button size="xs" variant="default" onClick={() => abort.current?.abort()}>
                  {t('form.cancel')}
                </Button>
              </Group>
            )}
            <Group>
              <Button disabled={!file || busy} variant={tried ? 'default' : 'filled'} onClick={() => void send(true)}>
                {t('import.try')}
              </Button>
              <Button disabled={!tried || busy} onClick={() => void send(false)}>
                {t('import.do')}
              </Button>
              <Button variant="subtle" leftSection={<IconDownload size={16} />} onClick={() => void give_template()}>
                {t('import.template')}
              </Button>
              <Button variant="subtle" leftSection={<IconDownload size={16} />} onClick={() => void give_all()}>
                {t('import.export')}
              </Button>
            </Group>
          </Stack>
        </Card>
        <div aria-live="polite">
          <Problem>{problem}</Problem>
          {report && report.problems.length === 0 && (
            <Alert color="teal" variant="light">
              {report.dry_run ? t('import.good', { count: report.rows }) : t('import.done', { count: report.rows })}
            </Alert>
          )}
          {report && report.problems.length > 0 && (
            <Stack gap="sm">
              <Problem>{t('import.bad', { count: report.problems.length })}</Problem>
              <Problems report={report} />
            </Stack>
          )}
        </div>
      </Stack>
    </>
  );
}
