// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import type { ChatMessage } from '@/api/client';
import { all_messages, newest_of, pieces_of, still_outgoing, type Outgoing } from './conversation';

const message = (id: number, from: string, msg: string): ChatMessage => ({ id, from, to: from === 'a' ? 'b' : 'a', msg, alias: from, time: '2026-11-29T12:00:00.000Z' });
const outgoing = (key: number, text: string, after: number, problem: string | null = null): Outgoing => ({ key, text, at: 0, after, problem });
const ids = (messages: ChatMessage[]) => messages.map(({ id }) => id);

test('each message is shown once, the oldest first', () => {
  const pages = [{ items: [message(5, 'a', 'x'), message(6, 'b', 'y')] }, { items: [message(1, 'a', 'v'), message(2, 'b', 'w')] }];
  expect(ids(all_messages(pages, [message(6, 'b', 'y'), message(9, 'a', 'z')]))).toEqual([1, 2, 5, 6, 9]);
  expect(all_messages([], [])).toEqual([]);
});

test('what came back is not on its way any more', () => {
  const messages = [message(1, 'a', 'Yes'), message(4, 'b', 'Hm'), message(5, 'a', 'Yes'), message(6, 'b', 'No')];
  const keys = (list: Outgoing[]) => still_outgoing(list, messages, 'a').map(({ key }) => key);
  expect(keys([outgoing(1, 'Yes', 4), outgoing(2, 'Yes', 4)])).toEqual([2]);
  expect(keys([outgoing(1, 'Yes', 5), outgoing(2, 'No', 4)])).toEqual([1, 2]);
  expect(keys([outgoing(1, 'Yes', 4, 'refused')])).toEqual([1]);
});

test('addresses are links', () => {
  expect(pieces_of('See https://example.org/a?b=c#d, or (http://x.org).')).toEqual([
    { text: 'See ', link: false },
    { text: 'https://example.org/a?b=c#d', link: true },
    { text: ', or (', link: false },
    { text: 'http://x.org', link: true },
    { text: ').', link: false },
  ]);
  for (const text of ['', 'javascript:alert(1)', '<a href="x">', 'https://', 'ftp://x.org'])
    expect(pieces_of(text).filter(({ link }) => link)).toEqual([]);
});

test('the newest of the other is what is read', () => {
  expect(newest_of([message(1, 'b', 'x'), message(2, 'b', 'y'), message(3, 'a', 'z')], 'b')).toBe(2);
  expect(newest_of([message(3, 'a', 'z')], 'b')).toBe(0);
});
