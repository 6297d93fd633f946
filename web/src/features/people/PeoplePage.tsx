// SPDX-License-Identifier: GPL-3.0-or-later
// Colleagues with the state of their telephones; a click calls.
import { ActionIcon, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router-dom';
import { line_status, presence_of } from '@/api/client';
import { EmptyState } from '@/components/EmptyState';
import { IconArrowForwardUp, IconMessage2, IconPhone, IconSearch, IconUsers } from '@/components/icons';
import { LoadFailed } from '@/components/LoadFailed';
import { Loading } from '@/components/Loading';
import { PresenceDot } from '@/features/presence/PresenceDot';
import { usePresenceLabel, usePresences } from '@/features/presence/PresencesProvider';
import { useAccount } from '@/features/session/use_session';
import { usePhone } from '@/features/softphone/PhoneProvider';
import { colleagues } from './colleagues';
import { lamp_of, type Lamp } from './lamps';
import { useLamps } from './LampsProvider';
import classes from './people.module.css';

export function PeoplePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { user_uuid } = useAccount();
  const { phone, connection, calls } = usePhone();
  // Of several the one that is spoken in.
  const talking = calls.filter(({ phase }) => phase === 'talking');
  const to_transfer = talking.find(({ held }) => !held) ?? talking[0];
  const [typed, set_typed] = useState('');
  const [search] = useDebouncedValue(typed, 200);
  const heard = useLamps();
  const { heard: heard_presences } = usePresences();
  const presence_label = usePresenceLabel();
  const { data, error, refetch } = useQuery({
    ...colleagues(user_uuid, search),
    placeholderData: keepPreviousData,
  });
  const people = (data ?? []).filter(({ uuid, exten }) => uuid !== user_uuid && exten);
  // As they stand before anything is heard of them.
  const first = useQueries({
    queries: people.map(({ line_id }) => ({ queryKey: ['lines', line_id], queryFn: async () => lamp_of(await line_status(line_id ?? 0)), staleTime: Infinity, retry: false })),
  });
  const first_presences = useQueries({
    queries: people.map(({ uuid }) => ({ queryKey: ['presences', uuid], queryFn: ({ signal }: { signal: AbortSignal }) => presence_of(uuid ?? '', signal), staleTime: Infinity, retry: false })),
  });
  const call = (number: string) => {
    phone.dial(number);
    void navigate('/');
  };
  return (
    <>
      <Title order={1} size="h2" mb="lg">
        {t('people.title')}
      </Title>
      <TextInput type="search" aria-label={t('users.search')} placeholder={t('users.search')} leftSection={<IconSearch size={16} />} value={typed} onChange={(event) => set_typed(event.currentTarget.value)} mb="lg" maw="26rem" />
      {error && <LoadFailed error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && people.length === 0 && <EmptyState icon={<IconUsers size={28} />} title={t('people.none')} text={t('people.noneText')} />}
      <ul className={classes.people}>
        {people.map(({ uuid, firstname, lastname, exten, line_id, email }, index) => {
          const name = [firstname, lastname].filter(Boolean).join(' ');
          const lamp: Lamp = heard.get(line_id ?? 0) ?? first[index]?.data ?? 'unknown';
          const presence = heard_presences.get(uuid ?? '') ?? first_presences[index]?.data;
          return (
            <li key={uuid} className={classes.person} data-testid={`person-${exten}`} data-lamp={lamp} data-presence={presence}>
              <span className={classes.lamp} data-lamp={lamp} aria-hidden />
              <div className={classes.who}>
                <Text fw={500}>{name}</Text>
                {presence && (
                  <Text size="sm" className={classes.presence}>
                    <PresenceDot name={presence} />
                    {presence_label(presence)}
                  </Text>
                )}
                <Text size="sm" c="dimmed">
                  {[exten, t(`people.lamps.${lamp}`), email].filter(Boolean).join(' · ')}
                </Text>
              </div>
              <ActionIcon component={Link} to={`/chat/${uuid}`} variant="light" size="lg" radius="xl" aria-label={t('chat.write', { name })}>
                <IconMessage2 size={18} />
              </ActionIcon>
              {to_transfer && to_transfer.number !== exten && (
                <ActionIcon variant="light" size="lg" radius="xl" aria-label={t('phone.transferCallTo', { who: to_transfer.name || to_transfer.number, name })} onClick={() => phone.transfer(to_transfer.id, exten ?? '')}>
                  <IconArrowForwardUp size={18} />
                </ActionIcon>
              )}
              <ActionIcon variant="light" size="lg" radius="xl" aria-label={t('phone.callAgain', { name })} disabled={connection !== 'registered'} onClick={() => call(exten ?? '')}>
                <IconPhone size={18} />
              </ActionIcon>
            </li>
          );
        })}
      </ul>
    </>
  );
}
