// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the ways to other systems work, since when, and why not.
import { Anchor, Badge, Card, Group, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { trunk_states } from '@/api/client';
import { LoadFailed } from '@/components/LoadFailed';
import { by_urgency, condition_of, kNowhere, kSilent, type Condition, type TrunkCondition } from './condition';

/// In milliseconds: how old what is shown may be.
const kAge = 5_000;
const kMostShown = 10;
const kColors: Record<Condition, string> = { fails: 'red', trying: 'yellow', registered: 'teal', reachable: 'teal', unknown: 'gray' };

function Row({ told: { trunk, condition, since, reason } }: { told: TrunkCondition }) {
  const { t, i18n } = useTranslation();
  const at = since === null ? null : new Date(since);
  const today = at?.toDateString() === new Date().toDateString();
  const when = at && new Intl.DateTimeFormat(i18n.language, { ...(today ? {} : { dateStyle: 'medium' }), timeStyle: 'short' }).format(at);
  const why = reason === kSilent ? t('overview.trunk.silent') : reason === kNowhere ? t('overview.trunk.nowhere') : reason;
  return (
    <Group component="li" gap="sm" py={6} data-testid={`trunk-${trunk.trunk_id}`} data-condition={condition}>
      <Badge variant="light" color={kColors[condition]} miw="8rem">
        {t(`overview.condition.${condition}`)}
      </Badge>
      <Anchor component={Link} to={`/trunks/${trunk.trunk_id}`} size="sm" style={{ overflowWrap: 'anywhere' }}>
        {trunk.name || t('overview.trunk.nameless', { number: trunk.trunk_id })}
      </Anchor>
      <Text size="sm" c="dimmed" flex="1 1 12rem">
        {[when && t('overview.trunk.since', { when }), why].filter(Boolean).join(' · ')}
      </Text>
    </Group>
  );
}

export function Trunks() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({ queryKey: ['trunk states'], queryFn: ({ signal }) => trunk_states(signal), refetchInterval: kAge });
  if (error && !data) return <LoadFailed error={error} retry={() => void refetch()} />;
  if (!data || data.length === 0) return null;
  const told = data.map(condition_of).sort(by_urgency);
  return (
    <Card withBorder radius="md" padding="lg" mb="lg" component="section" aria-label={t('overview.trunks')}>
      <Title order={2} size="h4" mb="xs">
        {t('overview.trunks')}
      </Title>
      <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {told.slice(0, kMostShown).map((each) => (
          <Row key={each.trunk.trunk_id} told={each} />
        ))}
      </ul>
      {told.length > kMostShown && (
        <Anchor component={Link} to="/trunks" size="sm">
          {t('overview.trunk.all', { count: told.length })}
        </Anchor>
      )}
    </Card>
  );
}
