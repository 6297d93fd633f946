// SPDX-License-Identifier: GPL-3.0-or-later
// Who talks with whom, as it happens.
import { Alert, Anchor, Badge, Card, Group, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { calls_now } from '@/api/client';
import { useEvents } from '@/api/use_events';
import classes from '@/components/components.module.css';
import { Elapsed } from '@/components/Elapsed';
import { EmptyState } from '@/components/EmptyState';
import { IconPhone } from '@/components/icons';
import { conversations, kCallEvents, kNoCalls, leg_of, with_event, with_listing, type Leg } from './calls';
import { useNames } from './use_names';

const kColors = { Ring: 'yellow', Ringing: 'yellow', Up: 'teal', Down: 'gray' } as const;

function Party({ leg, names }: { leg: Leg; names: Map<string, string> }) {
  const { t } = useTranslation();
  const name = (leg.user_uuid !== null && names.get(leg.user_uuid)) || leg.caller_id_name || leg.caller_id_number || t('phone.anonymous');
  return (
    <span>
      {name}
      {leg.caller_id_number && leg.caller_id_number !== name && (
        <Text span c="dimmed" size="sm">
          {' '}
          {leg.caller_id_number}
        </Text>
      )}
    </span>
  );
}

function Tile({ label, value }: { label: string; value: number }) {
  const { i18n } = useTranslation();
  return (
    <Card withBorder radius="md" padding="md">
      <div className={classes.tile} data-testid="tile">
        {new Intl.NumberFormat(i18n.language).format(value)}
      </div>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
    </Card>
  );
}

export function LivePage() {
  const { t, i18n } = useTranslation();
  const [calls, set_calls] = useState(kNoCalls);
  const heard = useRef(new Set<string>());
  const connection = useEvents(kCallEvents, (event) => {
    heard.current.add(leg_of(event.data).call_id);
    set_calls((known) => with_event(known, event, Date.now()));
  });
  // Those that were there before: asked for whenever the events begin anew.
  useQuery({
    queryKey: ['calls', connection],
    queryFn: async ({ signal }) => {
      heard.current = new Set();
      const items = await calls_now(signal);
      set_calls((known) => with_listing(known, items.map(leg_of), heard.current));
      return items.length;
    },
    enabled: connection === 'open',
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const rows = conversations(calls.up);
  const names = useNames([...[...calls.up.values()].map((leg) => leg.user_uuid), ...calls.ended.map((leg) => leg.user_uuid)]);
  const talking = [...calls.up.values()].filter(({ status }) => status === 'Up').length;
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: 'medium' });
  const why = (leg: Leg) => (
    <Anchor component={Link} to={`/why/${encodeURIComponent(leg.call_id)}`} size="sm">
      {t('live.why')}
    </Anchor>
  );
  return (
    <>
      <Group className={classes.head}>
        <Title order={1} size="h2">
          {t('live.title')}
        </Title>
        <Badge role="status" variant="light" color={connection === 'open' ? 'teal' : connection === 'lost' ? 'red' : 'gray'} data-testid="events" data-state={connection}>
          {t(`live.connection.${connection}`)}
        </Badge>
      </Group>
      <div className={classes.tiles}>
        <Tile label={t('live.conversations')} value={rows.length} />
        <Tile label={t('live.talking')} value={talking} />
        <Tile label={t('live.ringing')} value={calls.up.size - talking} />
      </div>
      {connection === 'lost' && (
        <Alert color="yellow" variant="light" mb="lg" role="alert">
          {t('live.lost')}
        </Alert>
      )}
      {rows.length === 0 && <EmptyState icon={<IconPhone size={28} />} title={t('live.none')} text={t('live.noneText')} />}
      {rows.length > 0 && (
        <div className={classes.tableFrame}>
          <table className={classes.table} aria-label={t('live.title')}>
            <thead>
              <tr>
                <th scope="col">{t('live.parties')}</th>
                <th scope="col">{t('live.state')}</th>
                <th scope="col">{t('live.since')}</th>
                <th scope="col">{t('live.way')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((group) => {
                const [first] = group;
                const status = group.some((leg) => leg.status === 'Up') ? 'Up' : first!.status;
                return (
                  <tr key={first!.call_id} data-testid="live-call" data-status={status}>
                    <td>
                      {group.map((leg, index) => (
                        <span key={leg.call_id}>
                          {index > 0 && ' ↔ '}
                          <Party leg={leg} names={names} />
                        </span>
                      ))}
                    </td>
                    <td>
                      <Badge variant="light" color={kColors[status]}>
                        {t(`live.status.${status}`)}
                      </Badge>
                    </td>
                    <td>
                      <Elapsed since={Date.parse(first!.creation_time)} />
                    </td>
                    <td>{why(first!)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {calls.ended.length > 0 && (
        <section aria-label={t('live.ended')}>
          <Title order={2} size="h4" mt="xl" mb="sm">
            {t('live.ended')}
          </Title>
          <div className={classes.tableFrame}>
            <table className={classes.table} aria-label={t('live.ended')}>
              <thead>
                <tr>
                  <th scope="col">{t('live.party')}</th>
                  <th scope="col">{t('live.state')}</th>
                  <th scope="col">{t('live.endedAt')}</th>
                  <th scope="col">{t('live.way')}</th>
                </tr>
              </thead>
              <tbody>
                {calls.ended.map((leg) => (
                  <tr key={leg.call_id} data-testid="ended-call">
                    <td>
                      <Party leg={leg} names={names} />
                    </td>
                    <td>{leg.talked ? t('live.talked') : t('live.notTalked')}</td>
                    <td>{time.format(leg.ended)}</td>
                    <td>{why(leg)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
    </>
  );
}
