// SPDX-License-Identifier: GPL-3.0-or-later
// What a person sets for himself: do-not-disturb and forwards, in force with each click.
import { Button, Card, Group, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { confd } from '@/api/client';
import { useEvents } from '@/api/use_events';
import type { UserForward } from '@/api/generated/confd';
import { useErrorText } from '@/components/error_text';
import { LoadFailed } from '@/components/LoadFailed';
import { Loading } from '@/components/Loading';
import { Problem } from '@/components/Problem';
import { useAccount } from '@/features/session/use_session';

const kForwards = ['unconditional', 'busy', 'noanswer'] as const;
const kServices = ['dnd', 'incallfilter'] as const;
/// Changed elsewhere: by telephone, in another window, by choosing a presence.
const kServiceEvents = [...kServices.map((name) => `users_services_${name}_updated`), ...kForwards.map((name) => `users_forwards_${name}_updated`)];
type ForwardName = (typeof kForwards)[number];

function Forward({ name, held, change }: { name: ForwardName; held: UserForward; change: (forward: UserForward) => Promise<void> }) {
  const { t } = useTranslation();
  const [number, set_number] = useState(held.destination ?? '');
  const trimmed = number.replace(/[\s().-]/g, '');
  const save = (event: FormEvent) => {
    event.preventDefault();
    void change({ enabled: trimmed !== '', destination: trimmed || undefined });
  };
  return (
    <form onSubmit={save} aria-label={t(`person.forwards.${name}`)} data-testid={`forward-${name}`} data-enabled={held.enabled === true}>
      <Group gap="md" align="end">
        <Switch
          label={t(`person.forwards.${name}`)}
          checked={held.enabled === true}
          disabled={trimmed === '' && held.enabled !== true}
          onChange={(event) => void change({ enabled: event.currentTarget.checked, destination: trimmed || undefined })}
          w="16rem"
          mb={8}
        />
        <TextInput label={t('person.forwardTo')} inputMode="tel" value={number} onChange={(event) => set_number(event.currentTarget.value)} flex="1 1 10rem" miw={0} />
        <Button type="submit" variant="default" disabled={trimmed === (held.destination ?? '')}>
          {t('form.save')}
        </Button>
      </Group>
    </form>
  );
}

export function ServicesPage() {
  const { t } = useTranslation();
  const error_text = useErrorText();
  const queries = useQueryClient();
  const { user_uuid } = useAccount();
  const [problem, set_problem] = useState('');
  const path = { user_id: user_uuid ?? '' };
  const services = useQuery({ queryKey: ['me', user_uuid, 'services'], queryFn: async ({ signal }) => (await confd.get('/users/{user_id}/services', { path, signal })).data });
  const forwards = useQuery({ queryKey: ['me', user_uuid, 'forwards'], queryFn: async ({ signal }) => (await confd.get('/users/{user_id}/forwards', { path, signal })).data });
  useEvents(kServiceEvents, ({ data }) => {
    if (data['user_uuid'] === user_uuid) void queries.invalidateQueries({ queryKey: ['me', user_uuid] });
  });
  const change = async (work: () => Promise<unknown>) => {
    set_problem('');
    try {
      await work();
    } catch (error) {
      set_problem(error_text(error));
    }
    await queries.invalidateQueries({ queryKey: ['me', user_uuid] });
  };
  const error = services.error ?? forwards.error;
  if (error)
    return (
      <LoadFailed
        error={error}
        retry={() => {
          void services.refetch();
          void forwards.refetch();
        }}
      />
    );
  if (!services.data || !forwards.data) return <Loading />;
  return (
    <>
      <Title order={1} size="h2" mb="lg">
        {t('person.services')}
      </Title>
      <Problem mb="lg">{problem}</Problem>
      <Stack gap="lg">
        <Card withBorder radius="md" padding="lg" component="section" aria-label={t('person.quiet')}>
          <Title order={2} size="h4" mb="md">
            {t('person.quiet')}
          </Title>
          <Stack gap="md">
            {kServices.map((service_name) => (
              <Switch
                key={service_name}
                label={t(`person.service.${service_name}`)}
                description={t(`person.serviceAbout.${service_name}`)}
                checked={services.data[service_name]?.enabled === true}
                onChange={(event) => {
                  const enabled = event.currentTarget.checked;
                  void change(() => confd.put('/users/{user_id}/services/{service_name}', { path: { ...path, service_name }, body: { enabled } }));
                }}
              />
            ))}
          </Stack>
        </Card>
        <Card withBorder radius="md" padding="lg" component="section" aria-label={t('person.forwarding')}>
          <Title order={2} size="h4" mb={4}>
            {t('person.forwarding')}
          </Title>
          <Text size="sm" c="dimmed" mb="md">
            {t('person.forwardingAbout')}
          </Text>
          <Stack gap="md">
            {kForwards.map((name) => (
              <Forward
                key={`${name} ${JSON.stringify(forwards.data[name])}`}
                name={name}
                held={forwards.data[name] ?? {}}
                change={(forward) => change(() => confd.put('/users/{user_id}/forwards/{forward_name}', { path: { ...path, forward_name: name }, body: forward }))}
              />
            ))}
          </Stack>
        </Card>
      </Stack>
    </>
  );
}
