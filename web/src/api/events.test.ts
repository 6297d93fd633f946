// SPDX-License-Identifier: GPL-3.0-or-later
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { use_credentials } from './client';
import { EventSource } from './events';

class Socket {
  static all: Socket[] = [];
  sent: Array<Record<string, unknown>> = [];
  closed = false;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  constructor(readonly url: string) {
    Socket.all.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close() {
    this.closed = true;
  }
  say(message: unknown) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  start() {
    this.say({ op: 'init', code: 0 });
    this.say({ op: 'start', code: 0 });
  }
}

beforeEach(() => {
  Socket.all = [];
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', Socket);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('asks for what somebody listens to, and tells only him', () => {
  use_credentials({ token: () => 'a b', renew: () => Promise.resolve(false) });
  const source = new EventSource(() => 'wss://here/');
  const heard: string[] = [];
  const leave = source.subscribe(['call_created'], ({ data }) => heard.push(String(data['call_id'])));
  const socket = Socket.all[0]!;
  expect(socket.url).toBe('wss://here/?token=a%20b');
  socket.start();
  expect(socket.sent).toEqual([{ op: 'subscribe', data: { event_name: 'call_created' } }, { op: 'start' }]);
  expect(source.connection()).toBe('open');
  source.subscribe(['call_ended'], () => heard.push('ended'));
  expect(socket.sent.at(-1)).toEqual({ op: 'subscribe', data: { event_name: 'call_ended' } });
  socket.say({ name: 'call_created', data: { call_id: '1' } });
  socket.say({ name: 'other', data: {} });
  expect(heard).toEqual(['1']);
  leave();
  socket.say({ name: 'call_created', data: { call_id: '2' } });
  expect(heard).toEqual(['1']);
});

test('comes back after a loss, with another token where that one has ended', async () => {
  let token = 'old';
  use_credentials({ token: () => token, renew: () => Promise.resolve(Boolean((token = 'new'))) });
  const source = new EventSource(() => 'wss://here/');
  source.subscribe(['x'], () => undefined);
  Socket.all[0]!.start();
  Socket.all[0]!.onclose?.({ code: 4003 });
  expect(source.connection()).toBe('lost');
  await vi.advanceTimersByTimeAsync(600);
  expect(Socket.all[1]?.url).toBe('wss://here/?token=new');
});

test('is disconnected when nobody listens any more', () => {
  use_credentials({ token: () => 't', renew: () => Promise.resolve(false) });
  const source = new EventSource(() => 'wss://here/');
  const leave = source.subscribe(['x'], () => undefined);
  leave();
  vi.advanceTimersByTime(1500);
  expect(Socket.all[0]?.closed).toBe(true);
  vi.advanceTimersByTime(60_000);
  expect(Socket.all).toHaveLength(1);
});
