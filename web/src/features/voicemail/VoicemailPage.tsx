// SPDX-License-Identifier: GPL-3.0-or-later
// What was said to the voicemail of the person, and what callers hear there.
import { ActionIcon, Badge, Card, SegmentedControl, Stack, Text, Title, Tooltip } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router-dom';
import { kGreetings, voicemail, type VoiceFolder } from '@/api/client';
import { ConfirmButton } from '@/components/ConfirmButton';
import { EmptyState } from '@/components/EmptyState';
import { useErrorText } from '@/components/error_text';
import { IconMail, IconMailOpened, IconPhone, IconRecordMail, IconTrash } from '@/components/icons';
import { LoadFailed } from '@/components/LoadFailed';
import { Loading } from '@/components/Loading';
import { Problem } from '@/components/Problem';
import { useNamesOfNumbers } from '@/features/people/colleagues';
import { useAccount } from '@/features/session/use_session';
import { usePhone } from '@/features/softphone/PhoneProvider';
import { usePlayer, type Player } from '@/features/sounds/use_player';
import { Greetings } from './Greetings';
import { folder_for, messages_of, type Message } from './messages';
import { PlayerBar } from './PlayerBar';
import { useVoicemail, voicemail_key } from './use_voicemail';
import classes from './voicemail.module.css';

const kShown = ['all', 'new', 'old'] as const;
type Shown = (typeof kShown)[number];

const is_shown = ({ fresh }: Message, shown: Shown) => shown === 'all' || fresh === (shown === 'new');

interface RowProps {
  message: Message;
  /// Of the caller, if he is a colleague.
  name: string | undefined;
  player: Player;
  move: (fresh: boolean) => void;
  erase: () => Promise<void>;
}

function MessageRow({ message: { id, caller_id_num: number, duration, timestamp, fresh }, name, player, move, erase }: RowProps) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const { phone, connection } = usePhone();
  const at = new Date(timestamp * 1000);
  const today = at.toDateString() === new Date().toDateString();
  const when = new Intl.DateTimeFormat(i18n.language, today ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' }).format(at);
  const from = name ?? number ?? t('phone.anonymous');
  const call = () => {
    player.pause();
    phone.dial(number ?? '');
    void navigate('/');
  };
  const mark = t(fresh ? 'voicemail.markOld' : 'voicemail.markNew');
  return (
    <div className={classes.message} role="group" aria-label={t('voicemail.messageOf', { from, when })} data-testid="voice-message" data-fresh={fresh}>
      <div>
        <div className={classes.from}>
          <Text fw={fresh ? 700 : 500}>{from}</Text>
          {fresh && <Badge variant="light">{t('voicemail.isNew')}</Badge>}
        </div>
        <Text size="sm" c="dimmed">
          {[name ? number : null, when].filter(Boolean).join(' · ')}
        </Text>
      </div>
      <PlayerBar name={id} player={player} seconds={duration} />
      <div className={classes.actions}>
        <Tooltip label={t('voicemail.callBack')}>
          <ActionIcon variant="light" size="lg" radius="xl" aria-label={t('voicemail.callBack')} disabled={!number || connection !== 'registered'} onClick={call}>
            <IconPhone size={18} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={mark}>
          <ActionIcon variant="light" size="lg" radius="xl" aria-label={mark} onClick={() => move(!fresh)}>
            {fresh ? <IconMailOpened size={18} /> : <IconMail size={18} />}
          </ActionIcon>
        </Tooltip>
        <ConfirmButton quiet icon={<IconTrash size={14} />} label={t('form.erase')} question={t('voicemail.eraseQuestion', { from, when })} confirmed={erase} />
      </div>
    </div>
  );
}

interface MessagesProps {
  all: readonly Message[];
  player: Player;
  move: (id: string, fresh: boolean) => void;
  erase: (id: string) => Promise<void>;
}

function Messages({ all, player, move, erase }: MessagesProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  const [shown, set_shown] = useState<Shown>('all');
  const names = useNamesOfNumbers(all.map(({ caller_id_num }) => caller_id_num));
  const seen = all.filter((message) => is_shown(message, shown));
  const erase_and_go_on = async (id: string) => {
    await erase(id);
    // Its button, which had the keyboard, is gone.
    list.current?.focus();
  };
  return (
    <Card withBorder radius="md" padding="lg" component="section" aria-label={t('voicemail.messages')}>
      <SegmentedControl
        aria-label={t('voicemail.which')}
        value={shown}
        onChange={(value) => set_shown(value as Shown)}
        data={kShown.map((value) => ({ value, label: t(`voicemail.shown.${value}`, { number: all.filter((message) => is_shown(message, value)).length }) }))}
        mb="sm"
      />
      {seen.length === 0 && <EmptyState icon={<IconRecordMail size={28} />} title={t('voicemail.none')} text={t('voicemail.noneText')} />}
      <ul ref={list} className={classes.messages} tabIndex={-1} aria-label={t('voicemail.messages')}>
        {seen.map((message) => (
          <li key={message.id}>
            <MessageRow message={message} name={names.get(message.caller_id_num ?? '')} player={player} move={(fresh) => move(message.id, fresh)} erase={() => erase_and_go_on(message.id)} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

const fetch_sound = (name: string) => {
  const greeting = kGreetings.find((each) => each === name);
  return greeting ? voicemail.greeting(greeting) : voicemail.recording(name);
};

export function VoicemailPage() {
  const { t } = useTranslation();
  const error_text = useErrorText();
  const queries = useQueryClient();
  const { user_uuid } = useAccount();
  const { calls } = usePhone();
  const { exists, folders } = useVoicemail();
  const [problem, set_problem] = useState('');
  const failed = useCallback((error: unknown) => set_problem(error instanceof DOMException ? t('sounds.notPlayable') : error_text(error)), [t, error_text]);
  const change = useCallback(
    async (work: () => Promise<unknown>) => {
      set_problem('');
      try {
        await work();
      } catch (error) {
        failed(error);
      }
      await queries.invalidateQueries({ queryKey: voicemail_key(user_uuid) });
    },
    [failed, queries, user_uuid],
  );
  const move = useCallback(
    async (id: string, fresh: boolean) => {
      const known = queries.getQueryData<VoiceFolder[]>(voicemail_key(user_uuid)) ?? [];
      const folder = folder_for(known, fresh);
      const message = messages_of(known).find((each) => each.id === id);
      if (folder !== undefined && message && message.fresh !== fresh) await change(() => voicemail.move(id, folder));
    },
    [change, queries, user_uuid],
  );
  // What was heard to its end is not new any more, as on the telephone.
  const heard = useCallback((name: string) => void move(name, false), [move]);
  const player = usePlayer(fetch_sound, failed, heard);
  const { pause, stop, current } = player;
  const on_the_phone = calls.some(({ phase }) => phase !== 'ended');
  useEffect(() => {
    if (on_the_phone) pause();
  }, [on_the_phone, pause]);
  const erase = async (id: string) => {
    if (current === id) stop();
    await change(() => voicemail.erase(id));
  };
  if (folders.error) return <LoadFailed error={folders.error} retry={() => void folders.refetch()} />;
  if (!exists || !folders.data) return folders.isLoading ? <Loading /> : <EmptyState whole icon={<IconRecordMail size={28} />} title={t('voicemail.without')} text={t('voicemail.withoutText')} />;
  return (
    <>
      <Title order={1} size="h2" mb="lg">
        {t('voicemail.title')}
      </Title>
      <Problem mb="lg">{problem}</Problem>
      <Stack gap="lg">
        <Messages all={messages_of(folders.data)} player={player} move={(id, fresh) => void move(id, fresh)} erase={erase} />
        <Greetings player={player} failed={failed} />
      </Stack>
    </>
  );
}
