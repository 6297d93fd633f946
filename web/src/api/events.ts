// SPDX-License-Identifier: GPL-3.0-or-later
// What happens, as it happens: one WebSocket for all who want to know, connected while there is somebody.
import { current_credentials } from './client';

export interface Event {
  name: string;
  data: Record<string, unknown>;
}
export type EventConnection = 'connecting' | 'open' | 'lost';

type Listener = (event: Event) => void;

const kTokenRefused = 4002;
const kTokenEnded = 4003;
const kLongestPause = 10_000;

export class EventSource {
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly watchers = new Set<() => void>();
  private socket: WebSocket | null = null;
  private started = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private current: EventConnection = 'connecting';

  /// @param url without the token.
  constructor(private readonly url: () => string) {}

  /// Calls the listener with each event of these names, until what is returned is called.
  subscribe(names: readonly string[], listener: Listener): () => void {
    for (const name of names) {
      const known = this.listeners.get(name);
      if (known) known.add(listener);
      else {
        this.listeners.set(name, new Set([listener]));
        if (this.started) this.ask(name);
      }
    }
    if (!this.socket && this.timer === undefined) this.connect();
    return () => {
      for (const name of names) this.listeners.get(name)?.delete(listener);
      // Whoever comes next in the same moment, another view, finds it connected.
      setTimeout(() => {
        for (const [name, all] of this.listeners) if (all.size === 0) this.listeners.delete(name);
        if (this.listeners.size === 0) this.disconnect();
      }, 1000);
    };
  }

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };
  readonly connection = (): EventConnection => this.current;

  private connect(): void {
    this.timer = undefined;
    const token = current_credentials().token();
    if (token === null) return this.retry();
    const socket = new WebSocket(`${this.url()}?token=${encodeURIComponent(token)}`);
    this.socket = socket;
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(String(data)) as { op?: string; name?: string; data?: Record<string, unknown> };
      if (message.op === 'init') {
        for (const name of this.listeners.keys()) this.ask(name);
        socket.send(JSON.stringify({ op: 'start' }));
      } else if (message.op === 'start') {
        this.started = true;
        this.failures = 0;
        this.become('open');
      } else if (message.name !== undefined) {
        for (const listener of this.listeners.get(message.name) ?? []) listener({ name: message.name, data: message.data ?? {} });
      }
    };
    socket.onclose = ({ code }) => {
      if (this.socket !== socket) return;
      this.socket = null;
      this.started = false;
      this.become('lost');
      if (this.listeners.size === 0) return;
      if (code === kTokenRefused || code === kTokenEnded) void current_credentials().renew().finally(() => this.retry());
      else this.retry();
    };
  }

  private ask(event_name: string): void {
    this.socket?.send(JSON.stringify({ op: 'subscribe', data: { event_name } }));
  }
  private retry(): void {
    this.timer = setTimeout(() => this.connect(), Math.min(kLongestPause, 500 * 2 ** this.failures++));
  }
  private disconnect(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const socket = this.socket;
    this.socket = null;
    this.started = false;
    this.current = 'connecting';
    socket?.close();
  }
  private become(connection: EventConnection): void {
    this.current = connection;
    for (const watcher of this.watchers) watcher();
  }
}

export const events = new EventSource(() => `wss://${window.location.host}/api/websocketd/`);
