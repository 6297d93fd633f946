// SPDX-License-Identifier: GPL-3.0-or-later
// How the system does: whether all of it works, its trunks, the calls of now, of the last hour and of the last day.
import { Anchor, Card, Group, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { calls_since, kMostCounted } from '@/api/client';
import { useEvents } from '@/api/use_events';
import components from '@/components/components.module.css';
import { LoadFailed } from '@/components/LoadFailed';
import { Loading } from '@/components/Loading';
import { CallTiles } from '@/features/live/CallTiles';
import { useCalls } from '@/features/live/use_calls';
import classes from './overview.module.css';
import { Ailments, HealthBadge } from './Health';
import { first_moment, kCharts, type Chart } from './traffic';
import { TrafficChart } from './TrafficChart';
import { Trunks } from './Trunks';

/// In milliseconds: how old what is shown may be.
const kTrafficAge = 60_000;
/// The log has a call a moment after its end; of many that end one after the other it is asked now and then.
const kUntilLogged = 1500;
const kBetweenLooks = 5000;
const kEnded = ['call_ended'] as const;
const kMostShown = 5;

/// Calls of the last day, which those of the last hour are among.
function useTraffic() {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEvents(kEnded, () => {
    clearTimeout(timer.current);
    const looked = queries.getQueryState(['traffic'])?.dataUpdatedAt ?? 0;
    const wait = Math.max(kUntilLogged, looked + kBetweenLooks - Date.now());
    timer.current = setTimeout(() => void queries.invalidateQueries({ queryKey: ['traffic'] }), wait);
  });
  return useQuery({
    queryKey: ['traffic'],
    queryFn: async ({ signal }) => {
      const now = Date.now();
      return { now, ...(await calls_since(new Date(first_moment('day', now)), signal)) };
    },
    refetchInterval: kTrafficAge,
    placeholderData: keepPreviousData,
  });
}

export function OverviewPage() {
  const { t, i18n } = useTranslation();
  const { calls: live } = useCalls();
  const { data, error, refetch } = useTraffic();
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  const unanswered = (data?.calls ?? []).filter(({ answer }) => answer === null).slice(0, kMostShown);
  return (
    <>
      <Group className={components.head}>
        <Title order={1} size="h2">
          {t('overview.title')}
        </Title>
        <HealthBadge />
      </Group>
      <Ailments />
      <CallTiles calls={live} />
      <Trunks />
      {error && <LoadFailed error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <>
          <div className={classes.charts}>
            {(Object.keys(kCharts) as Chart[]).map((chart) => (
              <TrafficChart key={chart} chart={chart} calls={data.calls} now={data.now} />
            ))}
          </div>
          <Text size="sm" c="dimmed" mt="sm">
            {t('overview.about')} {!data.complete && t('overview.incomplete', { number: kMostCounted })}
          </Text>
          {unanswered.length > 0 && (
            <Card withBorder radius="md" padding="lg" mt="lg" component="section" aria-label={t('overview.lastUnanswered')}>
              <Title order={2} size="h4" mb="xs">
                {t('overview.lastUnanswered')}
              </Title>
              {unanswered.map((call) => (
                <Group key={call.id} gap="sm" py={6} data-testid="unanswered-call">
                  <Text size="sm" flex="1 1 14rem">
                    {t('overview.call', {
                      from: call.source_name ?? call.source_extension ?? t('phone.anonymous'),
                      to: call.destination_name ?? call.destination_extension ?? '?',
                    })}
                    <Text span c="dimmed" size="sm">
                      {' · '}
                      {time.format(new Date(call.start))}
                    </Text>
                  </Text>
                  <Anchor component={Link} to={`/why/${encodeURIComponent(call.linked_id)}`} size="sm">
                    {t('live.why')}
                  </Anchor>
                </Group>
              ))}
            </Card>
          )}
        </>
      )}
    </>
  );
}
