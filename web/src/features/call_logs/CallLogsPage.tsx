// SPDX-License-Identifier: GPL-3.0-or-later
// Who called whom, and for how long.
import { Anchor, Button, Group, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { files, logged_calls } from '@/api/client';
import classes from '@/components/components.module.css';
import { download } from '@/components/download';
import { EmptyState } from '@/components/EmptyState';
import { useErrorText } from '@/components/error_text';
import { IconDownload, IconPhone } from '@/components/icons';
import { LoadFailed } from '@/components/LoadFailed';
import { Loading } from '@/components/Loading';
import { Problem } from '@/components/Problem';

const kPage = 50;
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
  const error_text = useErrorText();
  const [from, set_from] = useState(() => day(kFirstDays));
  const [until, set_until] = useState(() => day(0));
  const [typed, set_typed] = useState('');
  const [search] = useDebouncedValue(typed, 200);
  const [problem, set_problem] = useState('');
  const asked = { from: `${from}T00:00:00`, until: `${until}T23:59:59`, search: search.trim(), limit: kPage };
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['call_logs', asked],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => logged_calls(false, { ...asked, after: pageParam }, signal),
    getNextPageParam: (last) => last.more ?? undefined,
    enabled: from !== '' && until !== '',
    placeholderData: keepPreviousData,
  });
  const give_table = async () => {
    set_problem('');
    try {
      download(await files.get(`/call_logs?start_date=${asked.from}&end_date=${asked.until}`, 'text/csv; charset=utf-8'), `calls ${from} ${until}.csv`);
    } catch (reason) {
      set_problem(error_text(reason));
    }
  };
  const calls = data?.pages.flatMap((page) => page.items) ?? [];
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'medium' });
  const party = (name: string | null, number: string | null) => (name && number && name !== number ? `${name} (${number})` : (name ?? number ?? t('phone.anonymous')));
  return (
    <>
      <Title order={1} size="h2" mb="lg">
        {t('callLogs.title')}
      </Title>
      <Group align="end" mb="md">
        <TextInput type="date" label={t('callLogs.from')} value={from} max={until} onChange={(event) => set_from(event.currentTarget.value)} />
        <TextInput type="date" label={t('callLogs.until')} value={until} min={from} onChange={(event) => set_until(event.currentTarget.value)} />
        <TextInput type="search" label={t('table.search')} value={typed} onChange={(event) => set_typed(event.currentTarget.value)} flex="1 1 12rem" miw={0} />
        <Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => void give_table()}>
          {t('callLogs.download')}
        </Button>
      </Group>
      <Problem mb="lg">{problem}</Problem>
      {error && <LoadFailed error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && calls.length === 0 && <EmptyState icon={<IconPhone size={28} />} title={t('callLogs.none')} text={t('callLogs.noneText')} />}
      {calls.length > 0 && (
        // It scrolls sideways on small screens, also with the keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className={classes.tableFrame} role="group" aria-label={t('callLogs.title')} tabIndex={0}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t('callLogs.when')}</th>
                <th scope="col">{t('callLogs.caller')}</th>
                <th scope="col">{t('callLogs.called')}</th>
                <th scope="col">{t('callLogs.duration')}</th>
                <th scope="col">{t('live.way')}</th>
              </tr>
            </thead>
            <tbody>
              {calls.map((call) => (
                <tr key={call.id} data-testid="logged-call">
                  <td>{time.format(new Date(call.start))}</td>
                  <td>{party(call.source_name, call.source_extension)}</td>
                  <td>{party(call.destination_name, call.destination_extension)}</td>
                  <td>{call.answer === null ? t('callLogs.notAnswered') : duration(Math.round(call.duration))}</td>
                  <td>
                    <Anchor component={Link} to={`/why/${encodeURIComponent(call.linked_id)}`} size="sm">
                      {t('live.why')}
                    </Anchor>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hasNextPage && (
        <Button mt="md" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('history.more')}
        </Button>
      )}
    </>
  );
}
