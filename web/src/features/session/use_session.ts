// SPDX-License-Identifier: GPL-3.0-or-later
import { useSyncExternalStore } from 'react';
import { session, type Account, type SessionState } from './session';

export function useSession(): SessionState {
  return useSyncExternalStore(session.subscribe, session.state);
}

/// Of a view that is only shown to somebody who has signed in.
export function useAccount(): Account {
  const state = useSession();
  const account = state.status === 'in' ? state.account : state.status === 'out' ? state.ended : undefined;
  if (!account) throw new Error('nobody has signed in');
  return account;
}
