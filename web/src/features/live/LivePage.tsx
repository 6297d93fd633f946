// SPDX-License-Identifier: GPL-3.0-or-later
// Who talks with whom, as it happens.
import { Alert, Anchor, Badge, Group, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import classes from '@/components/components.module.css';
import { Elapsed } from '@/components/Elapsed';
import { EmptyState } from '@/components/EmptyState';
import { IconPhone } from '@/components/icons';
import { conversations, type Leg } from './calls';
import { CallTiles } from './CallTiles';
import { useCalls } from './use_calls';
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

export function LivePage() {
  const { t, i18n } = useTranslation();
  const { calls, connection } = useCalls();
  const rows = conversations(calls.up);
  const names = useNames([...[...calls.up.values()].map((leg) => leg.user_uuid), ...calls.ended.map((leg) => leg.user_uuid)]);
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
      <CallTiles calls={calls} />
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
