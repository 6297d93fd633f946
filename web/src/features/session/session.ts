// SPDX-License-Identifier: GPL-3.0-or-later
// Who has signed in in this window. The token is kept in memory alone; what gives the next one after a reload is a cookie
// that no script reads. Which session a window has is in its sessionStorage, so that two windows may be two people's.
import { auth, session as api, use_credentials } from '@/api/client';
import { ApiError } from '@/api/error';
import type { Session as Issued } from '@/api/generated/session';

export type Backend = 'xivo_user' | 'xivo_admin';

export interface Account {
  backend: Backend;
  username: string;
  /// Of the user whose account it is; null for administrators.
  user_uuid: string | null;
}

export type SessionState =
  | { status: 'restoring' }
  /// `ended`: it was there and is not valid any more; what is open stays open behind the question for the password.
  | { status: 'out'; ended?: Account }
  | { status: 'in'; account: Account };

const kName = 'almon.session';
const kTokenSeconds = 3600;

/// Storage that may be switched off in the browser.
function remembered(): string | null {
  try {
    return sessionStorage.getItem(kName) ?? localStorage.getItem(kName);
  } catch {
    return null;
  }
}
function remember(name: string | null): void {
  try {
    for (const storage of [sessionStorage, localStorage])
      if (name === null) storage.removeItem(kName);
      else storage.setItem(kName, name);
  } catch {
    // Then the next load asks for the password.
  }
}

function basic(username: string, password: string): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return 'Basic ' + btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

let state: SessionState = { status: 'restoring' };
let token: string | null = null;
let name: string | null = null;
let renewal: Promise<boolean> | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function become(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

function take(issued: Issued): void {
  token = issued.token ?? null;
  name = issued.session ?? null;
  remember(name);
  clearTimeout(timer);
  timer = setTimeout(() => void renew(), (issued.expires_in ?? kTokenSeconds) * 800);
  become({
    status: 'in',
    account: { backend: issued.backend as Backend, username: issued.username ?? '', user_uuid: issued.user_uuid ?? null },
  });
}

function lose(): void {
  const ended = state.status === 'in' ? state.account : undefined;
  token = null;
  clearTimeout(timer);
  become(ended ? { status: 'out', ended } : { status: 'out' });
}

/// Another token for the session; false: it has ended. Where the server is away, nothing is lost yet.
function renew(): Promise<boolean> {
  renewal ??= (async () => {
    const known = name ?? remembered();
    if (known === null) return false;
    try {
      take((await api.post('/sessions/{session}/token', { path: { session: known } })).data);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        remember(null);
        lose();
      } else if (state.status === 'in') {
        clearTimeout(timer);
        timer = setTimeout(() => void renew(), 10_000);
      } else {
        throw error;
      }
      return false;
    }
  })().finally(() => {
    renewal = null;
  });
  return renewal;
}

use_credentials({ token: () => token, renew });

export const session = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  state: (): SessionState => state,

  /// At the start of the page. Rejected where the server cannot be reached.
  async restore(): Promise<void> {
    become({ status: 'restoring' });
    if (!(await renew())) become({ status: 'out' });
  },

  /// @param stay also when the browser is closed.
  async sign_in(backend: Backend, username: string, password: string, stay: boolean): Promise<void> {
    const issued = await auth.post('/token', {
      headers: { Authorization: basic(username, password) },
      body: { backend, expiration: kTokenSeconds },
    });
    const text = (issued.data as { data?: { token?: string } }).data?.token ?? '';
    take((await api.post('/sessions', { headers: { 'X-Auth-Token': text }, body: { stay } })).data);
  },

  /// Revokes token and cookie. What the server does not hear of ends with its time.
  async sign_out(): Promise<void> {
    const [held, known] = [token, name];
    token = name = null;
    clearTimeout(timer);
    remember(null);
    become({ status: 'out' });
    await Promise.allSettled([
      held === null ? undefined : auth.delete('/token/{token}', { path: { token: held }, headers: { 'X-Auth-Token': held } }),
      known === null ? undefined : api.delete('/sessions/{session}', { path: { session: known } }),
    ]);
  },
};
