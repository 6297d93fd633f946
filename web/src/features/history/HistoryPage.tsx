// SPDX-License-Identifier: GPL-3.0-or-later
// Who changed what, and the way back.
import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { IconArrowBackUp, IconHistory } from '@/components/icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { confd } from '@/api/client';
import { ConfirmButton } from '@/components/ConfirmButton';
import { EmptyState } from '@/components/EmptyState';
import { useErrorText } from '@/components/error_text';
import { useLabels } from '@/components/form/labels';
import { LoadFailed } from '@/components/LoadFailed';
import { Loading } from '@/components/Loading';
import { Problem } from '@/components/Problem';
import classes from './history.module.css';

interface Operation {
  kind: string;
  id: string;
  action: 'created' | 'updated' | 'deleted';
  differences: Array<{ field: string; before: unknown; after: unknown }>;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

const kPage = 25;

function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function name_of({ id, before, after }: Operation): string {
  const row = after ?? before ?? {};
  const person = [row['firstname'], row['lastname']].filter(Boolean).join(' ');
  return person || String(row['name'] || row['exten'] || row['username'] || id);
}

function OperationRow({ operation }: { operation: Operation }) {
  const { t } = useTranslation();
  const { label_of } = useLabels();
  const [open, set_open] = useState(false);
  const color = { created: 'teal', updated: 'indigo', deleted: 'red' }[operation.action];
  return (
    <div>
      <Group gap="xs">
        <Badge variant="light" color={color}>
          {t(`history.${operation.action}`)}
        </Badge>
        <Text size="sm">
          {label_of(operation.kind)} <b>{name_of(operation)}</b>
        </Text>
        {operation.differences.length > 0 && (
          <Button size="compact-xs" variant="subtle" aria-expanded={open} onClick={() => set_open(!open)}>
            {t('history.differences', { count: operation.differences.length })}
          </Button>
        )}
      </Group>
      {open && (
        <dl className={classes.differences}>
          {operation.differences.map(({ field, before, after }) => (
            <div key={field}>
              <dt>{label_of(field)}</dt>
              <dd>
                {operation.action === 'updated' && (
                  <>
                    <del>{shown(before)}</del> →{' '}
                  </>
                )}
                {operation.action === 'deleted' ? <del>{shown(before)}</del> : <ins>{shown(after)}</ins>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

export function HistoryPage() {
  const { t, i18n } = useTranslation();
  const error_text = useErrorText();
  const queries = useQueryClient();
  const [problem, set_problem] = useState('');
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['confd', '/history'],
    initialPageParam: 0,
    queryFn: async ({ pageParam, signal }) => (await confd.get('/history', { query: { limit: kPage, offset: pageParam }, signal })).data,
    getNextPageParam: (last, pages) => ((last.items?.length ?? 0) > 0 && (last.items?.length ?? 0) >= kPage ? pages.length * kPage : undefined),
  });
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'medium' });
  const changes = data?.pages.flatMap((page) => page.items ?? []) ?? [];
  const undo = async (number: number) => {
    set_problem('');
    try {
      await confd.post('/history/{change_number}/undo', { path: { change_number: number } });
      await queries.invalidateQueries();
    } catch (reason) {
      set_problem(error_text(reason));
    }
  };
  return (
    <>
      <Title order={1} size="h2">
        {t('history.title')}
      </Title>
      <Text c="dimmed" mb="lg">
        {t('history.about')}
      </Text>
      <Problem mb="lg" title={t('undo.failed')}>
        {problem}
      </Problem>
      {error && <LoadFailed error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && changes.length === 0 && <EmptyState icon={<IconHistory size={28} />} title={t('history.none')} text={t('history.about')} />}
      <Stack gap="sm">
        {changes.map((change) => (
          <Card key={change.number} withBorder radius="md" padding="md" component="article">
            <Group justify="space-between" mb="xs">
              <Text size="sm">
                <b>{change.who}</b>
                <Text span c="dimmed">
                  {' · '}
                  <time dateTime={change.time}>{time.format(new Date(change.time ?? 0))}</time>
                </Text>
              </Text>
              <ConfirmButton
                quiet
                icon={<IconArrowBackUp size={16} />}
                label={t('undo.undo')}
                question={t('history.undoQuestion', { who: change.who ?? '' })}
                confirmed={() => undo(change.number ?? 0)}
              />
            </Group>
            <Stack gap={4}>
              {((change.operations ?? []) as unknown as Operation[]).map((operation) => (
                <OperationRow key={`${operation.kind} ${operation.id}`} operation={operation} />
              ))}
            </Stack>
          </Card>
        ))}
        {hasNextPage && (
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('history.more')}
          </Button>
        )}
      </Stack>
    </>
  );
}
