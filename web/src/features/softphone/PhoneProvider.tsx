// SPDX-License-Identifier: GPL-3.0-or-later
// One telephone for all views, so that a call goes on while one looks around.
import { useQuery } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { confd } from '@/api/client';
import { ApiError } from '@/api/error';
import { useOwnUser } from '@/features/session/use_own_user';
import { useAccount } from '@/features/session/use_session';
import { call_memory } from './call_memory';
import { Phone, type PhoneState } from './phone';

interface Provided {
  phone: Phone;
  /// Whose telephone it is: shown, and told to those who are called.
  name: string;
  /// His number; empty where the line has none.
  number: string;
  /// The user has no line with a SIP account: there is nothing to register.
  without_line: boolean;
  error: unknown;
  retry: () => void;
}

const PhoneContext = createContext<Provided | null>(null);

function websocket_url(): string {
  return `wss://${window.location.host}/ws/sip`;
}

export function PhoneProvider({ children }: { children: ReactNode }) {
  const { user_uuid } = useAccount();
  const uuid = user_uuid ?? '';
  const [phone] = useState(() => new Phone(call_memory(uuid)));
  const user = useOwnUser();
  const endpoint = useQuery({
    queryKey: ['me', uuid, 'endpoint'],
    queryFn: async ({ signal }) =>
      (await confd.get('/users/{user_uuid}/lines/main/associated/endpoints/sip', { path: { user_uuid: uuid }, signal })).data,
    retry: (count, error) => !(error instanceof ApiError && error.status === 404) && count < 3,
  });
  const name = [user.data?.firstname, user.data?.lastname].filter(Boolean).join(' ');
  const number = user.data?.lines?.[0]?.extensions?.[0]?.exten ?? '';
  const username = endpoint.data?.username ?? '';
  const secret = endpoint.data?.secret ?? '';

  useEffect(() => {
    if (username === '' || name === '') return;
    phone.start({ username, secret, display_name: name }, websocket_url());
    return () => phone.stop();
  }, [phone, username, secret, name]);

  useEffect(() => {
    const unlock = () => phone.unlock();
    const leave = () => phone.leave();
    window.addEventListener('pointerdown', unlock, { capture: true });
    window.addEventListener('keydown', unlock, { capture: true });
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pointerdown', unlock, { capture: true });
      window.removeEventListener('keydown', unlock, { capture: true });
      window.removeEventListener('pagehide', leave);
    };
  }, [phone]);

  const without_line = endpoint.error instanceof ApiError && endpoint.error.status === 404;
  const error = user.error ?? (without_line ? null : endpoint.error);
  const { refetch: refetch_user } = user;
  const { refetch: refetch_endpoint } = endpoint;
  const provided = useMemo(
    () => ({
      phone, name, number, without_line, error,
      retry: () => {
        void refetch_user();
        void refetch_endpoint();
      },
    }),
    [phone, name, number, without_line, error, refetch_user, refetch_endpoint],
  );
  return <PhoneContext.Provider value={provided}>{children}</PhoneContext.Provider>;
}

export function usePhone(): Provided & PhoneState {
  const provided = useContext(PhoneContext);
  if (!provided) throw new Error('there is no PhoneProvider around this');
  return { ...provided, ...useSyncExternalStore(provided.phone.subscribe, provided.phone.snapshot) };
}
