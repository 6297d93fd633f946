// SPDX-License-Identifier: GPL-3.0-or-later
import { Anchor, Card, Group, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router-dom';
import { confd } from '@/api/client';
import { IconArrowLeft } from '@/components/icons';
import { LoadFailed } from '@/components/LoadFailed';
import { Loading } from '@/components/Loading';
import { Steps } from '@/components/Steps';
import { step_of } from './question';

/// Why a call went where it went.
export function WhyPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['confd', '/calls', id, 'why'],
    queryFn: async ({ signal }) => (await confd.get('/calls/{call_id}/why', { path: { call_id: id }, signal })).data.steps ?? [],
    // A call that goes on has more to tell.
    refetchInterval: 5000,
    retry: false,
  });
  return (
    <>
      <Anchor component={Link} to="/live" size="sm">
        <Group gap={4}>
          <IconArrowLeft size={16} />
          {t('live.title')}
        </Group>
      </Anchor>
      <Title order={1} size="h2" mt="xs">
        {t('why.title')}
      </Title>
      <Text c="dimmed" mb="lg">
        {t('why.about', { id })}
      </Text>
      {error && <LoadFailed error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <Card withBorder radius="md" padding="lg" component="section" aria-label={t('explain.way')} data-testid="explanation">
          <Steps label={t('explain.way')} steps={data.map(step_of)} />
        </Card>
      )}
    </>
  );
}
