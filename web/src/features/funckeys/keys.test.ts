// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { fresh_key, places_of, sent_keys } from './keys';

test('a new key does what can be chosen first', () => {
  expect(fresh_key('forward').destination).toEqual({ type: 'forward', forward: 'unconditional' });
  expect(fresh_key('park').destination).toEqual({ type: 'park' });
});

test('what the server only shows is not sent back', () => {
  const keys = { 3: { label: '', blf: true, inherited: true, destination: { type: 'user', user_id: 4, user_firstname: 'Bob', href: 'x', exten: null } } };
  expect(sent_keys(keys)).toEqual({ 3: { label: null, blf: true, destination: { type: 'user', user_id: 4 } } });
});

test('there is always a place for one more', () => {
  expect(places_of({})).toBe(8);
  expect(places_of({ 8: fresh_key('park') })).toBe(10);
  expect(places_of({ 11: fresh_key('park') })).toBe(12);
});
