// SPDX-License-Identifier: GPL-3.0-or-later
import { ActionIcon, Alert, Button, Card, Text, TextInput, Title } from '@mantine/core';
import { IconBackspace, IconHeadset, IconPhone, IconPhoneIncoming, IconPhoneOutgoing } from '@/components/icons';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { logged_calls } from '@/api/client';
import { EmptyState } from '@/components/EmptyState';
import { LoadFailed } from '@/components/LoadFailed';
import { Problem } from '@/components/Problem';
import { useAccount } from '@/features/session/use_session';
import { CallCard } from './CallCard';
import { past_call_of } from './call_memory';
import { Keypad } from './Keypad';
import type { PastCall } from './phone';
import { usePhone } from './PhoneProvider';
import classes from './softphone.module.css';

const DevicesDialog = lazy(() => import('./DevicesDialog').then((module) => ({ default: module.DevicesDialog })));

const kPast = 50;
const kUntilLogged = 1000;

function Dialler() {
  const { t } = useTranslation();
  const { phone, connection } = usePhone();
  const [number, set_number] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (number.trim() === '') return;
    phone.dial(number);
    set_number('');
  };
  return (
    <Card withBorder radius="md" padding="lg" component="section" aria-label={t('phone.dialler')} className={classes.left}>
      <form className={classes.dialler} onSubmit={submit}>
        <TextInput
          ref={input}
          className={classes.number}
          aria-label={t('phone.number')}
          placeholder={t('phone.numberPlaceholder')}
          inputMode="tel"
          autoComplete="off"
          value={number}
          onChange={(event) => set_number(event.currentTarget.value)}
          rightSection={
            number !== '' && (
              <ActionIcon variant="subtle" color="gray" aria-label={t('phone.backspace')} onClick={() => set_number(number.slice(0, -1))}>
                <IconBackspace size={20} />
              </ActionIcon>
            )
          }
        />
        <Keypad on_press={(digit) => set_number(number + digit)} />
        <Button type="submit" size="md" color="teal.9" leftSection={<IconPhone size={20} />} disabled={connection !== 'registered'}>
          {t('phone.call')}
        </Button>
      </form>
    </Card>
  );
}

/// Past calls on all of the person's phones; those of this page as long as the server tells of none.
function usePastCalls(): readonly PastCall[] {
  const { past } = usePhone();
  const { user_uuid } = useAccount();
  const { data, refetch } = useQuery({
    queryKey: ['me', user_uuid, 'calls'],
    queryFn: async ({ signal }) => (await logged_calls(true, { limit: kPast }, signal)).items,
    retry: false,
  });
  const last = past[0]?.id;
  useEffect(() => {
    if (last === undefined) return;
    // The log has it a moment after its end.
    const timer = setTimeout(() => void refetch(), kUntilLogged);
    return () => clearTimeout(timer);
  }, [last, refetch]);
  return data && data.length > 0 ? data.map((call) => past_call_of(call, user_uuid)) : past;
}

function Past() {
  const { t, i18n } = useTranslation();
  const { phone } = usePhone();
  const past = usePastCalls();
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: 'short' });
  const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  const when = (at: number) => (new Date(at).toDateString() === new Date().toDateString() ? time : day).format(at);
  if (past.length === 0) return <EmptyState icon={<IconPhone size={28} />} title={t('phone.noCalls')} text={t('phone.noCallsText')} />;
  return (
    <Card withBorder radius="md" padding="lg" component="section" aria-label={t('phone.past')}>
      <Title order={2} size="h4" mb="xs">
        {t('phone.past')}
      </Title>
      <div className={classes.past}>
        {past.map((call) => (
          <div key={call.id} className={classes.pastRow}>
            {call.direction === 'in' ? (
              <IconPhoneIncoming size={20} color={call.answered ? 'var(--mantine-color-dimmed)' : 'var(--mantine-color-error)'} aria-label={call.answered ? t('phone.received') : t('phone.missed')} />
            ) : (
              <IconPhoneOutgoing size={20} color="var(--mantine-color-dimmed)" aria-label={t('phone.made')} />
            )}
            <div className={classes.who}>
              <Text fw={500}>{call.name || call.number || t('phone.anonymous')}</Text>
              <Text size="sm" c="dimmed">
                {call.name ? `${call.number} · ` : ''}
                {when(call.at)}
              </Text>
            </div>
            {call.number !== '' && (
              <ActionIcon variant="light" size="lg" radius="xl" aria-label={t('phone.callAgain', { name: call.name || call.number })} onClick={() => phone.dial(call.number)}>
                <IconPhone size={18} />
              </ActionIcon>
            )}
          </div>
        ))}
      </div>
    </Card>
  );
}

export function SoftphonePage() {
  const { t } = useTranslation();
  const { calls, connection, without_line, error, retry, name, number } = usePhone();
  const [choosing, set_choosing] = useState(false);
  return (
    <>
      <div className={classes.title}>
        <Title order={1} size="h2">
          {t('phone.title')}
        </Title>
        <Button variant="subtle" size="compact-md" leftSection={<IconHeadset size={18} />} onClick={() => set_choosing(true)}>
          {t('devices.title')}
        </Button>
      </div>
      {choosing && (
        <Suspense fallback={null}>
          <DevicesDialog close={() => set_choosing(false)} />
        </Suspense>
      )}
      <Text c="dimmed" mb="lg">
        {number ? t('phone.yours', { name, number }) : name}
      </Text>
      {error ? <LoadFailed error={error} retry={retry} /> : null}
      {without_line && (
        <Alert color="yellow" variant="light" mb="lg" title={t('phone.withoutLine')}>
          {t('phone.withoutLineText')}
        </Alert>
      )}
      {connection === 'refused' && (
        <Problem mb="lg">
          {t('phone.refused')}
        </Problem>
      )}
      <div className={classes.page}>
        <Dialler />
        <div className={classes.calls} aria-live="polite">
          {calls.map((call) => (
            <CallCard key={call.id} call={call} />
          ))}
        </div>
        <div className={classes.earlier}>
          <Past />
        </div>
      </div>
    </>
  );
}
