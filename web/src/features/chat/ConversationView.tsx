// SPDX-License-Identifier: GPL-3.0-or-later
// What the person and another one have written to each other, and a field for more.
import { ActionIcon, Anchor, Button, Group, Text, Textarea, Title } from '@mantine/core';
import { useDocumentVisibility } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Fragment, useEffect, useMemo, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router-dom';
import { chats, type ChatMessage } from '@/api/client';
import { EmptyState } from '@/components/EmptyState';
import { IconArrowLeft, IconMessages, IconPhone, IconSend } from '@/components/icons';
import { LoadFailed } from '@/components/LoadFailed';
import { Loading } from '@/components/Loading';
import { colleagues } from '@/features/people/colleagues';
import { useAccount } from '@/features/session/use_session';
import { usePhone } from '@/features/softphone/PhoneProvider';
import { kChats, useChats } from './ChatProvider';
import { all_messages, newest_of, pieces_of, still_outgoing, type Outgoing } from './conversation';
import classes from './chat.module.css';

const kNone: readonly never[] = [];
/// Of what is typed: no more than the server takes, in whatever script.
const kLongest = 1300;

function Words({ text }: { text: string }) {
  return (
    <span className={classes.words}>
      {pieces_of(text).map((piece, index) =>
        piece.link ? (
          <Anchor key={index} href={piece.text} target="_blank" rel="noopener noreferrer" inherit underline="always" c="inherit">
            {piece.text}
          </Anchor>
        ) : (
          piece.text
        ),
      )}
    </span>
  );
}

function Written({ message, name, own }: { message: ChatMessage; name: string; own: boolean }) {
  const { t, i18n } = useTranslation();
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: 'short' }).format(new Date(message.time));
  return (
    <li className={classes.message} data-own={own} data-testid="message">
      <span className={classes.unseen}>{own ? t('chat.own') : name}</span>
      <Words text={message.msg} />
      <time className={classes.time} dateTime={message.time}>
        {time}
      </time>
    </li>
  );
}

/// On its way, or not sent.
function Unconfirmed({ entry, again, discard }: { entry: Outgoing; again: () => void; discard: () => void }) {
  const { t } = useTranslation();
  return (
    <li className={classes.message} data-own data-failed={entry.problem !== null} data-testid="outgoing">
      <span className={classes.unseen}>{t('chat.own')}</span>
      <Words text={entry.text} />
      {entry.problem === null ? (
        <span className={classes.time}>{t('chat.sending')}</span>
      ) : (
        <div role="alert">
          <Text size="sm" fw={600}>
            {t('chat.notSent')}
          </Text>
          <Text size="sm" mb="xs">
            {entry.problem}
          </Text>
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={again}>
              {t('error.retry')}
            </Button>
            <Button size="xs" variant="default" onClick={discard}>
              {t('chat.discard')}
            </Button>
          </Group>
        </div>
      )}
    </li>
  );
}

function Messages({ messages, name, other }: { messages: readonly ChatMessage[]; name: string; other: string }) {
  const { i18n } = useTranslation();
  const { user_uuid } = useAccount();
  const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'full' });
  return messages.map((message, index) => {
    const at = day.format(new Date(message.time));
    const before = messages[index - 1];
    return (
      <Fragment key={message.id}>
        {(!before || day.format(new Date(before.time)) !== at) && <li className={classes.day}>{at}</li>}
        <Written message={message} name={name} own={message.from === user_uuid && other !== message.from} />
      </Fragment>
    );
  });
}

function Composer({ name, other, send }: { name: string; other: string; send: (text: string) => void }) {
  const { t } = useTranslation();
  const { drafts } = useChats();
  const [text, set_text] = useState(() => drafts.current.get(other) ?? '');
  const type = (typed: string) => {
    set_text(typed);
    drafts.current.set(other, typed);
  };
  const submit = (event: FormEvent | KeyboardEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    send(text.trim());
    type('');
  };
  return (
    <form className={classes.composer} onSubmit={submit}>
      <Textarea
        className={classes.field}
        aria-label={t('chat.write', { name })}
        placeholder={t('chat.write', { name })}
        description={t('chat.hint')}
        inputWrapperOrder={['input', 'description']}
        rows={2}
        maxLength={kLongest}
        value={text}
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={(event) => {
          // What composes a letter of another script is no end of the message.
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) submit(event);
        }}
      />
      <Button type="submit" leftSection={<IconSend size={16} />} disabled={text.trim() === ''}>
        {t('chat.send')}
      </Button>
    </form>
  );
}

function CallButton({ other, name }: { other: string; name: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { user_uuid } = useAccount();
  const { phone, connection } = usePhone();
  const { data } = useQuery({ ...colleagues(user_uuid, name), enabled: name !== '' });
  const number = data?.find(({ uuid }) => uuid === other)?.exten;
  if (!number) return null;
  const call = () => {
    phone.dial(number);
    void navigate('/');
  };
  return (
    <ActionIcon variant="light" size="lg" radius="xl" aria-label={t('phone.callAgain', { name })} disabled={connection !== 'registered'} onClick={call}>
      <IconPhone size={18} />
    </ActionIcon>
  );
}

export function ConversationView({ other }: { other: string }) {
  const { t } = useTranslation();
  const { user_uuid } = useAccount();
  const own = user_uuid ?? '';
  const { conversations, told, outgoing, send, discard, read, watched } = useChats();
  const pages = useInfiniteQuery({
    queryKey: [kChats, own, other],
    queryFn: ({ pageParam, signal }) => chats.messages(other, pageParam, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ more, items }) => (more ? items[0]?.id : undefined),
  });
  const known = pages.data?.pages;
  const news = told.get(other) ?? kNone;
  const messages = useMemo(() => all_messages(known ?? [], news), [known, news]);
  const unconfirmed = still_outgoing(outgoing.get(other) ?? kNone, messages, own);
  const name = known?.[0]?.name ?? '';
  const newest = messages.at(-1)?.id ?? 0;

  useEffect(() => {
    watched.current = other;
    return () => {
      watched.current = '';
    };
  }, [watched, other]);

  // What is on the screen is read.
  const visible = useDocumentVisibility() === 'visible';
  const last = newest_of(messages, other);
  const unread = conversations?.find(({ user_uuid: uuid }) => uuid === other)?.unread ?? 0;
  useEffect(() => {
    if (visible && last > 0 && unread > 0) read(other, last);
  }, [visible, last, unread, other, read]);

  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'end' });
  }, [newest, unconfirmed.length]);

  return (
    <section className={classes.open} aria-label={t('chat.with', { name })} data-testid="chat" data-with={other}>
      <div className={classes.head}>
        <ActionIcon className={classes.back} component={Link} to="/chat" variant="subtle" color="gray" size="lg" aria-label={t('chat.back')}>
          <IconArrowLeft size={18} />
        </ActionIcon>
        <Title order={2} size="h4" className={classes.name}>
          {name}
        </Title>
        <CallButton other={other} name={name} />
      </div>
      {pages.error && <LoadFailed error={pages.error} retry={() => void pages.refetch()} />}
      {!known && !pages.error && <Loading />}
      {known && (
        <>
          {pages.hasNextPage && (
            <Button variant="default" size="xs" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              {t('chat.earlier')}
            </Button>
          )}
          {messages.length === 0 && unconfirmed.length === 0 && <EmptyState icon={<IconMessages size={28} />} title={t('chat.nothing')} text={t('chat.nothingText', { name })} />}
          <div role="log" aria-label={t('chat.messages')}>
            <ol className={classes.messages}>
              <Messages messages={messages} name={name} other={other} />
              {unconfirmed.map((entry) => (
                <Unconfirmed
                  key={entry.key}
                  entry={entry}
                  again={() => {
                    discard(other, entry.key);
                    send(other, entry.text, newest);
                  }}
                  discard={() => discard(other, entry.key)}
                />
              ))}
            </ol>
          </div>
          <Composer name={name} other={other} send={(text) => send(other, text, newest)} />
          <div ref={end} />
        </>
      )}
    </section>
  );
}
