// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { changes, creation, erasure, type Phone, type Present } from './user_plan';
import { next_number } from './UserPage';

const phone: Phone = { exten: '1004', context: 'default', voicemail: false, voicemail_password: '' };
const present: Present = { user_id: 4, line_id: 5, extension_id: 6, exten: '1004', context: 'default', voicemail_id: null, name: 'Dora' };
const nothing: Present = { ...present, line_id: null, extension_id: null, exten: '', context: '' };
const said = (operations: Array<{ method: string; path: string }>) => operations.map(({ method, path }) => `${method} ${path}`);

describe('a user with all that is his', () => {
  test('is made as one change', () => {
    expect(said(creation({ firstname: 'Dora' }, { ...phone, voicemail: true }))).toEqual([
      'POST /users', 'POST /lines', 'POST /endpoints/sip', 'POST /extensions',
      'PUT /lines/${1.id}/endpoints/sip/${2.id}', 'PUT /lines/${1.id}/extensions/${3.id}', 'PUT /users/${0.id}/lines/${1.id}',
      'POST /voicemails', 'PUT /users/${0.id}/voicemails/${7.id}',
    ]);
  });
  test('has no telephone without a number', () => {
    expect(said(creation({ firstname: 'Dora' }, { ...phone, exten: '' }))).toEqual(['POST /users']);
  });
  test('changes only where something was changed', () => {
    expect(changes({}, phone, present)).toEqual([]);
    expect(said(changes({ email: null }, phone, present))).toEqual(['PUT /users/4']);
    expect(changes({}, { ...phone, exten: '1005' }, present)).toEqual([{ method: 'PUT', path: '/extensions/6', body: { exten: '1005', context: 'default' } }]);
  });
  test('gets a line with his first number', () => {
    expect(said(changes({ email: null }, phone, nothing))).toEqual([
      'PUT /users/4', 'POST /lines', 'POST /endpoints/sip', 'PUT /lines/${1.id}/endpoints/sip/${2.id}', 'POST /extensions',
      'PUT /lines/${1.id}/extensions/${4.id}', 'PUT /users/4/lines/${1.id}',
    ]);
    expect(said(changes({}, phone, { ...nothing, line_id: 5 }))).toEqual(['POST /extensions', 'PUT /lines/5/extensions/${0.id}']);
  });
  test('loses number and voicemail', () => {
    expect(said(changes({}, { ...phone, exten: '' }, { ...present, voicemail_id: 7 }))).toEqual([
      'DELETE /lines/5/extensions/6', 'DELETE /extensions/6', 'DELETE /users/4/voicemails', 'DELETE /voicemails/7',
    ]);
  });
  test('goes with all that is his', () => {
    expect(said(erasure({ ...present, voicemail_id: 7 }, 8))).toEqual([
      'DELETE /users/4/voicemails', 'DELETE /users/4/lines/5', 'DELETE /lines/5/extensions/6', 'DELETE /lines/5/endpoints/sip/8',
      'DELETE /lines/5', 'DELETE /extensions/6', 'DELETE /endpoints/sip/8', 'DELETE /users/4', 'DELETE /voicemails/7',
    ]);
    expect(said(erasure(nothing, null))).toEqual(['DELETE /users/4']);
  });
});

test('the next number is the one after the highest of the range', () => {
  const ranges = [{ start: '0100', end: '0103' }];
  expect(next_number(undefined, [])).toBe('');
  expect(next_number(ranges, [])).toBe('0100');
  expect(next_number(ranges, [{ exten: '0101' }, { exten: '9999' }, { exten: '_X.' }])).toBe('0102');
  expect(next_number(ranges, [{ exten: '0103' }])).toBe('');
});
