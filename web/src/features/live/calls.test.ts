// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { conversations, kNoCalls, leg_of, with_event, with_listing, type Calls } from './calls';

const event = (name: string, call_id: string, more: Record<string, unknown> = {}) => ({
  name, data: { call_id, user_uuid: `user ${call_id}`, status: 'Ring', creation_time: `2026-01-01T00:00:0${call_id}`, ...more },
});
const after = (...events: Array<ReturnType<typeof event>>) => events.reduce<Calls>((calls, one) => with_event(calls, one, 7), kNoCalls);

test('a call is there from its first event to its last', () => {
  const ringing = after(event('call_created', '1'), event('call_created', '2', { status: 'Ringing' }));
  expect(conversations(ringing.up).map((group) => group.map(({ call_id }) => call_id))).toEqual([['1'], ['2']]);
  const gone = with_event(ringing, event('call_ended', '1', { status: 'Down' }), 9);
  expect([...gone.up.keys()]).toEqual(['2']);
  expect(gone.ended).toMatchObject([{ call_id: '1', ended: 9, talked: false }]);
});

test('those who talk with each other are one conversation', () => {
  const { up } = after(
    event('call_created', '3'),
    event('call_created', '1', { status: 'Up', talking_to: { 2: 'user 2' } }),
    event('call_updated', '2', { status: 'Up', talking_to: { 1: 'user 1', 9: 'gone' } }),
  );
  expect(conversations(up).map((group) => group.map(({ call_id }) => call_id))).toEqual([['1', '2'], ['3']]);
});

test('of a call that has ended it is remembered whether somebody talked', () => {
  const { ended } = after(event('call_created', '1', { status: 'Up', talking_to: { 2: 'u' } }), event('call_ended', '1', { status: 'Down' }));
  expect(ended).toMatchObject([{ talked: true, talking_to: { 2: 'u' } }]);
});

test('a list of calls does not take back what was heard meanwhile', () => {
  const before = after(event('call_created', '1'), event('call_created', '2'));
  const heard = with_event(with_event(before, event('call_created', '3'), 8), event('call_ended', '4'), 8);
  const listed = [event('', '2', { status: 'Up' }), event('', '4'), event('', '5')].map(({ data }) => leg_of(data));
  const { up } = with_listing(heard, listed, new Set(['3', '4']));
  expect([...up].map(([id, { status }]) => [id, status])).toEqual([['2', 'Up'], ['5', 'Ring'], ['3', 'Ring']]);
});
