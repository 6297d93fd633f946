// SPDX-License-Identifier: GPL-3.0-or-later
// What is written between the person and the others, for all views: counted, told of, and sent whichever is open.
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { chats, type ChatMessage, type Conversation } from '@/api/client';
import { useEvents } from '@/api/use_events';
import { useErrorText } from '@/components/error_text';
import { useAccount } from '@/features/session/use_session';
import { usePhone } from '@/features/softphone/PhoneProvider';
import type { Outgoing } from './conversation';

interface Provided {
  /// With each other person, the one with the newest message first; nothing as long as that is not known.
  conversations: readonly Conversation[] | undefined;
  error: unknown;
  retry: () => void;
  /// What was told of since the page was loaded, by the uuid of the other.
  told: ReadonlyMap<string, readonly ChatMessage[]>;
  outgoing: ReadonlyMap<string, readonly Outgoing[]>;
  /// @param after of the newest message that is there.
  send: (to: string, text: string, after: number) => void;
  discard: (to: string, key: number) => void;
  read: (other: string, last: number) => void;
  /// What was typed and not sent, by the uuid of the other.
  drafts: RefObject<Map<string, string>>;
  /// With whom the conversation is on the screen; empty: with nobody.
  watched: RefObject<string>;
}

const ChatContext = createContext<Provided | null>(null);

const kArrived = 'user_chat_message_created';
const kChatEvents = [kArrived, 'user_chat_read'] as const;
const kShownOfMessage = 140;

/// Begins the keys of all that is asked of messages.
export const kChats = 'chats';
const other_of = ({ from, to }: ChatMessage, own: string) => (from === own ? to : from);

/// A list of a map of lists, changed.
function changed<T>(lists: ReadonlyMap<string, readonly T[]>, key: string, change: (list: readonly T[]) => readonly T[]) {
  return new Map(lists).set(key, change(lists.get(key) ?? []));
}

export function ChatProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const error_text = useErrorText();
  const queries = useQueryClient();
  const { user_uuid } = useAccount();
  const own = user_uuid ?? '';
  const { name } = usePhone();
  const [told, set_told] = useState<Provided['told']>(new Map());
  const [outgoing, set_outgoing] = useState<Provided['outgoing']>(new Map());
  const drafts = useRef(new Map<string, string>());
  const watched = useRef('');
  const key = useRef(0);
  const newest_told = useRef(0);
  const conversations = useQuery({ queryKey: [kChats, own], queryFn: ({ signal }) => chats.conversations(signal) });

  const tell = (message: ChatMessage) => {
    const shown = message.msg.length > kShownOfMessage ? `${message.msg.slice(0, kShownOfMessage)}…` : message.msg;
    const title = t('chat.from', { name: message.alias });
    notifications.show({ title, message: shown, closeButtonProps: { 'aria-label': t('form.close') } });
    if (document.visibilityState === 'visible' || !('Notification' in window) || Notification.permission !== 'granted') return;
    const notification = new Notification(title, { body: shown, icon: '/icon.svg', tag: `chat ${message.from}` });
    notification.onclick = () => window.focus();
  };
  const connection = useEvents(kChatEvents, ({ name: event, data }) => {
    if (data['user_uuid'] !== own) return;
    void queries.invalidateQueries({ queryKey: [kChats, own], exact: true });
    if (event !== kArrived) return;
    const message = data['message'] as ChatMessage;
    const other = other_of(message, own);
    newest_told.current = message.id;
    set_told((before) => changed(before, other, (list) => [...list, message]));
    if (message.from !== own && (other !== watched.current || document.visibilityState !== 'visible')) tell(message);
  });
  useEffect(() => {
    if (connection !== 'open') return;
    // Nothing was heard while it did not stand: what came before has a gap behind it, until all is asked for.
    const heard = newest_told.current;
    void queries.invalidateQueries({ queryKey: [kChats] }).then(() => {
      set_told((before) => new Map([...before].map(([other, list]) => [other, list.filter(({ id }) => id > heard)])));
    });
  }, [connection, queries]);

  const discard = useCallback((to: string, which: number) => set_outgoing((before) => changed(before, to, (list) => list.filter((entry) => entry.key !== which))), []);
  const send = useCallback(
    (to: string, text: string, after: number) => {
      const entry: Outgoing = { key: ++key.current, text, at: Date.now(), after, problem: null };
      set_outgoing((before) => changed(before, to, (list) => [...list, entry]));
      void chats
        .send(to, name, text)
        .then(async () => {
          // Where nothing is heard at the moment, it is asked for.
          await queries.invalidateQueries({ queryKey: [kChats] });
          discard(to, entry.key);
        })
        .catch((error: unknown) => {
          const problem = error_text(error);
          set_outgoing((before) => changed(before, to, (list) => list.map((old) => (old.key === entry.key ? { ...old, problem } : old))));
        });
    },
    [name, queries, discard, error_text],
  );
  const read = useCallback(
    (other: string, last: number) => {
      // Where this fails it is unread still, and is read when the conversation is seen again.
      void chats.read(other, last).then(
        () => queries.invalidateQueries({ queryKey: [kChats, own], exact: true }),
        () => undefined,
      );
    },
    [queries, own],
  );

  const unsent = [...outgoing.values()].some((list) => list.length > 0);
  useEffect(() => {
    if (!unsent) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [unsent]);

  const { data, error, refetch } = conversations;
  const provided = useMemo<Provided>(
    () => ({ conversations: data, error, retry: () => void refetch(), told, outgoing, send, discard, read, drafts, watched }),
    [data, error, refetch, told, outgoing, send, discard, read],
  );
  return <ChatContext.Provider value={provided}>{children}</ChatContext.Provider>;
}

export function useChats(): Provided {
  const provided = useContext(ChatContext);
  if (!provided) throw new Error('there is no ChatProvider around this');
  return provided;
}
