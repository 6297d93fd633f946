// SPDX-License-Identifier: GPL-3.0-or-later
import { Avatar, Button, Card, Group, Text, TextInput } from '@mantine/core';
import {
  IconArrowForwardUp, IconArrowsJoin2, IconDialpad, IconMicrophone, IconMicrophoneOff, IconPhone, IconPhoneOff, IconPlayerPause, IconPlayerPlay,
} from '@/components/icons';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Elapsed } from '@/components/Elapsed';
import { Problem } from '@/components/Problem';
import { Keypad } from './Keypad';
import type { Call } from './phone';
import { usePhone } from './PhoneProvider';
import { useRingingFocus } from './use_ringing_focus';
import classes from './softphone.module.css';

/// What goes on in a call, in a few words.
function Status({ call }: { call: Call }) {
  const { t } = useTranslation();
  if (call.failure) return <>{t(`phone.failure.${call.failure}`)}</>;
  switch (call.phase) {
    case 'connecting':
      return <>{t('phone.connecting')}</>;
    case 'ringing':
      return <>{call.direction === 'in' ? t('phone.incoming') : t('phone.ringing')}</>;
    case 'ended':
      return <>{t('phone.ended')}</>;
    case 'talking':
      return (
        <>
          {call.held ? t('phone.held') : call.held_by_other ? t('phone.heldByOther') : t('phone.talking')}
          {call.answered !== null && (
            <>
              {' · '}
              <Elapsed since={call.answered} />
            </>
          )}
        </>
      );
  }
}

export function Party({ call }: { call: Call }) {
  const { t } = useTranslation();
  const name = call.name || call.number || t('phone.anonymous');
  return (
    <div className={classes.party}>
      <Avatar radius="xl" size="lg" color="indigo" name={name} aria-hidden />
      <div className={classes.who}>
        <Text fw={600} size="lg">
          {name}
        </Text>
        <Text size="sm" c={call.failure ? 'var(--mantine-color-error)' : 'dimmed'}>
          {call.name && call.number ? `${call.number} · ` : ''}
          <span data-testid="call-status" data-phase={call.phase}>
            <Status call={call} />
          </span>
        </Text>
      </div>
    </div>
  );
}

export function Transfer({ call, done }: { call: Call; done: () => void }) {
  const { t } = useTranslation();
  const { phone, calls } = usePhone();
  const [number, set_number] = useState('');
  const others = calls.filter((other) => other.id !== call.id && other.phase === 'talking');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    phone.transfer(call.id, number);
    done();
  };
  return (
    <form onSubmit={submit}>
      <Group align="end" gap="xs">
        <TextInput
          label={t('phone.transferTo')}
          value={number}
          onChange={(event) => set_number(event.currentTarget.value)}
          inputMode="tel"
          autoFocus
          flex={1}
          miw={0}
        />
        <Button type="submit" disabled={number.trim() === ''}>
          {t('phone.transferNow')}
        </Button>
      </Group>
      {others.map((other) => (
        <Button
          key={other.id}
          mt="xs"
          variant="light"
          fullWidth
          leftSection={<IconArrowsJoin2 size={18} />}
          onClick={() => {
            phone.join(call.id, other.id);
            done();
          }}
        >
          {t('phone.joinWith', { name: other.name || other.number })}
        </Button>
      ))}
    </form>
  );
}

export function AnswerButtons({ call }: { call: Call }) {
  const { t } = useTranslation();
  const { phone } = usePhone();
  return (
    <div className={classes.actions}>
      <Button color="teal.9" leftSection={<IconPhone size={18} />} onClick={() => phone.answer(call.id)}>
        {t('phone.answer')}
      </Button>
      <Button color="red" variant="light" leftSection={<IconPhoneOff size={18} />} onClick={() => phone.hang_up(call.id)}>
        {t('phone.decline')}
      </Button>
      <Text size="xs" c="dimmed" className={classes.keys}>
        {t('phone.ringingKeys')}
      </Text>
    </div>
  );
}

export function CallCard({ call }: { call: Call }) {
  const { t } = useTranslation();
  const { phone } = usePhone();
  const [open, set_open] = useState<'none' | 'keypad' | 'transfer'>('none');
  const toggle = (what: 'keypad' | 'transfer') => set_open(open === what ? 'none' : what);
  const talking = call.phase === 'talking';
  const incoming = call.direction === 'in' && call.phase === 'ringing';
  const focus = useRingingFocus(call.id, incoming);
  return (
    <Card
      component="section"
      withBorder
      radius="md"
      padding="lg"
      className={`${classes.call} ${incoming ? classes.ringing : ''}`}
      aria-label={t('phone.callWith', { name: call.name || call.number })}
      data-testid="call"
      {...focus}
    >
      <Party call={call} />
      {call.transfer === 'failed' && <Problem>{t('phone.transferFailed')}</Problem>}
      {call.transfer === 'asked' && <Text size="sm">{t('phone.transferring')}</Text>}
      {call.deaf && call.phase === 'talking' && <Problem>{t('devices.deaf')}</Problem>}
      {incoming && <AnswerButtons call={call} />}
      {!incoming && call.phase !== 'ended' && (
        <div className={classes.actions}>
          {talking && (
            <>
              <Button
                variant={call.muted ? 'filled' : 'default'}
                aria-pressed={call.muted}
                leftSection={call.muted ? <IconMicrophoneOff size={18} /> : <IconMicrophone size={18} />}
                onClick={() => phone.mute(call.id, !call.muted)}
              >
                {t('phone.mute')}
              </Button>
              <Button
                variant={call.held ? 'filled' : 'default'}
                aria-pressed={call.held}
                leftSection={call.held ? <IconPlayerPlay size={18} /> : <IconPlayerPause size={18} />}
                onClick={() => phone.hold(call.id, !call.held)}
              >
                {call.held ? t('phone.resume') : t('phone.hold')}
              </Button>
              <Button variant="default" aria-expanded={open === 'keypad'} leftSection={<IconDialpad size={18} />} onClick={() => toggle('keypad')}>
                {t('phone.keypad')}
              </Button>
              <Button variant="default" aria-expanded={open === 'transfer'} leftSection={<IconArrowForwardUp size={18} />} onClick={() => toggle('transfer')}>
                {t('phone.transfer')}
              </Button>
            </>
          )}
          <Button color="red.8" leftSection={<IconPhoneOff size={18} />} onClick={() => phone.hang_up(call.id)}>
            {t('phone.hangUp')}
          </Button>
        </div>
      )}
      {talking && open === 'keypad' && (
        <div>
          <Text ta="center" size="xl" h="2rem" aria-live="polite">
            {call.digits}
          </Text>
          <Keypad on_press={(digit) => phone.press(call.id, digit)} />
        </div>
      )}
      {talking && open === 'transfer' && <Transfer call={call} done={() => set_open('none')} />}
    </Card>
  );
}
