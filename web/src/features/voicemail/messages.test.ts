// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import type { VoiceFolder } from '@/api/client';
import { clock, folder_for, messages_of } from './messages';

const message = (id: string, timestamp: number) => ({ id, timestamp, caller_id_num: '1001', duration: 2 });
const folders: VoiceFolder[] = [
  { id: 1, type: 'new', messages: [message('b', 20), message('c', 30)] },
  { id: 2, type: 'old', messages: [message('a', 25), message('d', 10)] },
  { id: 7, type: 'urgent', messages: [message('e', 25)] },
];

test('messages of all folders are in one list, the newest first', () => {
  expect(messages_of(folders).map(({ id, fresh }) => id + (fresh ? ' new' : ''))).toEqual(['c new', 'e new', 'a', 'b new', 'd']);
  expect(messages_of([])).toEqual([]);
});

test('a message is moved to the folder of that kind, if there is one', () => {
  expect([folder_for(folders, true), folder_for(folders, false), folder_for([], true)]).toEqual([1, 2, undefined]);
});

test('times are minutes and seconds', () => {
  expect([0, 7.9, 59.99, 60, 3665, -1].map(clock)).toEqual(['0:00', '0:07', '0:59', '1:00', '61:05', '0:00']);
});
