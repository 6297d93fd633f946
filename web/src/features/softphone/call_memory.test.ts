// SPDX-License-Identifier: GPL-3.0-or-later
// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { call_memory, past_call_of } from './call_memory';

test('past calls are those of one person', () => {
  const past = [{ id: '1', direction: 'in' as const, number: '1002', name: 'Bob', at: 7, answered: false }];
  call_memory('alice').keep(past);
  expect(call_memory('alice').load()).toEqual(past);
  expect(call_memory('bob').load()).toEqual([]);
});

test('what is kept and cannot be read is none', () => {
  for (const kept of ['', '{', 'null', '7', '[null, 4, {"at": "x"}]']) {
    localStorage.setItem('almon.calls.alice', kept);
    expect(call_memory('alice').load()).toEqual([]);
  }
});

test('calls that go on while the page is loaded anew are taken back once', () => {
  const parked = [{ call_id: 'c', local_tag: 'l', remote_tag: 'r', direction: 'out' as const, number: '1002', name: '', answered: 7, held: false, at: 8 }];
  call_memory('alice').park(parked);
  expect(call_memory('alice').take_parked()).toEqual(parked);
  expect(call_memory('alice').take_parked()).toEqual([]);
  sessionStorage.setItem('almon.parked.alice', '[{"at": 1}]');
  expect(call_memory('alice').take_parked()).toEqual([]);
});

test('a logged call is seen from either side', () => {
  const call = {
    id: 4, start: '2026-11-29T01:00:00Z', answer: null, end: '2026-11-29T01:00:10Z', duration: 0, linked_id: '1.1',
    source_name: 'Alice', source_extension: '1001', source_user_uuid: 'a', destination_name: null, destination_extension: '1002', destination_user_uuid: 'b',
  };
  expect(past_call_of(call, 'a')).toEqual({ id: '4', direction: 'out', number: '1002', name: '', at: Date.parse(call.end), answered: false });
  expect(past_call_of({ ...call, answer: call.start }, 'b')).toMatchObject({ direction: 'in', number: '1001', name: 'Alice', answered: true });
});
