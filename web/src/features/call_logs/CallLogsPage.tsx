// SPDX-License-Identifier: GPL-3.0-or-later
// Who called whom, and for how long.
import { Button, Group, Text, TextInput, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { files } from '@/api/client';
import classes from '@/components/components.module.css';
import { rows_of_csv } from '@/components/csv';
import { download } from '@/components/download';
import { EmptyState } from '@/components/EmptyState';
import { IconDownload, IconPhone } from '@/components/icons';
import { LoadFailed } from '@/components/LoadFailed';
import { Loading } from '@/components/Loading';

const kMostShown = 500;
const kFirstDays = 7;

/// A day as date fields hold it: "2026-11-29".
function day(days_ago: number): string {
  const date = new Date();
  date.setDate(date.getDate() - days_ago);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
}

function duration(seconds: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${seconds >= 3600 ? `${Math.floor(seconds / 3600)}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

export function CallLogsPage() {
  const { t, i18n } = useTranslation();
  const [from, set_from] = useState(() => day(kFirstDays));
  const [until, set_until] = useState(() => day(0));
  const [search, set_search] = useState('');
  const path = `/call_logs?start_date=${from}T00:00:00&end_date=${until}T23:59:59`;
  const { data, error, refetch } = useQuery({
    queryKey: ['confd', path],
    queryFn: async () => {
      const table = await files.get(path, 'text/csv; charset=utf-8');
      return { table, rows: rows_of_csv(await table.text()).slice(1).reverse() };
    },
    enabled: from !== '' && until !== '',
    placeholderData: keepPreviousData,
  });
  const wanted = search.trim().toLowerCase();
  const rows = (data?.rows ?? []).filter((row) => wanted === '' || row.some((field) => field.toLowerCase().includes(wanted)));
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'medium' });
  return (
    <>
      <Title order={1} size="h2" mb="lg">
        {t('callLogs.title')}
      </Title>
      <Group align="end" mb="md">
        <TextInput type="date" label={t('callLogs.from')} value={from} max={until} onChange={(event) => set_from(event.currentTarget.value)} />
        <TextInput type="date" label={t('callLogs.until')} value={until} min={from} onChange={(event) => set_until(event.currentTarget.value)} />
        <TextInput type="search" label={t('table.search')} value={search} onChange={(event) => set_search(event.currentTarget.value)} flex="1 1 12rem" miw={0} />
        <Button variant="default" leftSection={<IconDownload size={16} />} disabled={!data} onClick={() => data && download(data.table, `calls ${from} ${until}.csv`)}>
          {t('callLogs.download')}
        </Button>
      </Group>
      {error && <LoadFailed error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && rows.length === 0 && <EmptyState icon={<IconPhone size={28} />} title={t('callLogs.none')} text={t('callLogs.noneText')} />}
      {rows.length > 0 && (
        <>
          {/* It scrolls sideways on small screens, also with the keyboard. */}
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <div className={classes.tableFrame} role="group" aria-label={t('callLogs.title')} tabIndex={0}>
            <table className={classes.table}>
              <thead>
                <tr>
                  <th scope="col">{t('callLogs.when')}</th>
                  <th scope="col">{t('callLogs.caller')}</th>
                  <th scope="col">{t('callLogs.called')}</th>
                  <th scope="col">{t('callLogs.duration')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.slice(0, kMostShown).map(([when = '', caller = '', called = '', seconds = '0'], index) => (
                  <tr key={index} data-testid="logged-call">
                    <td>{Number.isNaN(Date.parse(when)) ? when : time.format(new Date(when))}</td>
                    <td>{caller}</td>
                    <td>{called}</td>
                    <td>{Number(seconds) > 0 ? duration(Number(seconds)) : t('callLogs.notAnswered')}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Text size="sm" c="dimmed" mt="xs" role="status">
            {t('callLogs.shown', { shown: Math.min(rows.length, kMostShown), total: data?.rows.length ?? 0 })}
          </Text>
        </>
      )}
    </>
  );
}
