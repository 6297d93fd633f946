// SPDX-License-Identifier: GPL-3.0-or-later
// Whether all parts of the server work, and what is the matter with those that do not.
import { Badge, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { health } from '@/api/client';
import { Problem } from '@/components/Problem';

/// In milliseconds: how old what is shown may be.
const kAge = 10_000;
const kParts = ['signalling', 'events', 'journal', 'database'] as const;
/// What the server says of a part that has come to a halt.
const kHalted = 'does not answer';

export function useHealth() {
  return useQuery({ queryKey: ['health'], queryFn: ({ signal }) => health(signal), refetchInterval: kAge, retry: false });
}

export function HealthBadge() {
  const { t } = useTranslation();
  const { data, error } = useHealth();
  const state = error ? 'unreachable' : data === undefined ? 'unknown' : data.length === 0 ? 'well' : 'failing';
  return (
    <Badge role="status" variant="light" color={state === 'well' ? 'teal' : state === 'unknown' ? 'gray' : 'red'} data-testid="health" data-state={state}>
      {t(`overview.health.${state}`)}
    </Badge>
  );
}

export function Ailments() {
  const { t } = useTranslation();
  const { data } = useHealth();
  if (!data || data.length === 0) return null;
  return (
    <Problem mb="lg" title={t('overview.health.failing')}>
      {data.map(({ part, reason }) => {
        const known = kParts.find((name) => name === part);
        return (
          <Text key={part} size="sm" data-testid="ailment" data-part={part}>
            {`${known ? t(`overview.part.${known}`) : part}: ${reason === kHalted ? t('overview.halted') : reason}`}
          </Text>
        );
      })}
    </Problem>
  );
}
