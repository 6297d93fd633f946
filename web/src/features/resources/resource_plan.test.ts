// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { kKinds, type Kind } from './kinds';
import { erasure_of, number_of, plan_of, shown_at, type Wanted } from './resource_plan';

const kind = { collection: '/groups' };
const none = number_of(null, 'default');
const one = number_of({ extensions: [{ id: 6, exten: '2000', context: 'default' }] }, '');
const said = (operations: Array<{ method: string; path: string }>) => operations.map(({ method, path }) => `${method} ${path}`);
const wanted = (part: Partial<Wanted>): Wanted => ({ id: '4', body: {}, number: { before: none, after: none }, ...part });
const joined = (key: Kind['key'], name: string) => kKinds.find((known) => known.key === key)!.joined!.find((candidate) => candidate.name === name)!;
const trunks = kKinds.find(({ key }) => key === 'trunks')!;

test('a resource is made with its number and members as one change', () => {
  const made = wanted({
    id: null, body: { name: 'sales' }, number: { before: none, after: { ...none, exten: '2000' } },
    joined: [{ joined: joined('groups', 'members'), before: [], after: [{ uuid: 'u', firstname: 'Ann' }] }, { joined: joined('groups', 'schedule'), before: [], after: [{ id: 7, name: 'office' }] }],
  });
  expect(plan_of(kind, made)).toEqual([
    { method: 'POST', path: '/groups', body: { name: 'sales' } },
    { method: 'POST', path: '/extensions', body: { exten: '2000', context: 'default' } },
    { method: 'PUT', path: '/groups/${0.id}/extensions/${1.id}' },
    { method: 'PUT', path: '/groups/${0.id}/members/users', body: { users: [{ uuid: 'u' }] } },
    { method: 'PUT', path: '/groups/${0.id}/schedules/7' },
  ]);
});

describe('only what was changed is done', () => {
  test('to members and numbers', () => {
    expect(plan_of(kind, wanted({ number: { before: one, after: one } }))).toEqual([]);
    expect(plan_of(kind, wanted({ number: { before: none, after: { ...none, context: 'other' } } }))).toEqual([]);
    expect(said(plan_of(kind, wanted({ body: { name: 'x' }, number: { before: one, after: { ...one, exten: '2001' } } })))).toEqual(['PUT /groups/4', 'PUT /extensions/6']);
    expect(said(plan_of(kind, wanted({ number: { before: one, after: { ...one, exten: '' } } })))).toEqual(['DELETE /groups/4/extensions/6', 'DELETE /extensions/6']);
  });
  test('to what it is joined with, one by one', () => {
    const change = { joined: joined('callpermissions', 'users'), before: [{ uuid: 'a' }, { uuid: 'b' }], after: [{ uuid: 'b' }, { uuid: 'c' }] };
    expect(said(plan_of({ collection: '/callpermissions' }, wanted({ joined: [change] })))).toEqual(['DELETE /users/a/callpermissions/4', 'PUT /users/c/callpermissions/4']);
    expect(plan_of(kind, wanted({ joined: [{ ...change, after: change.before }] }))).toEqual([]);
  });
  test('to what belongs to it', () => {
    const [endpoint, , register] = trunks.parts!;
    const parts: Wanted['parts'] = [{ part: endpoint!, before: null, after: { username: 'office' } }, { part: register!, before: { id: 9 }, after: null }];
    expect(said(plan_of(trunks, wanted({ parts })))).toEqual([
      'POST /endpoints/sip', 'PUT /trunks/4/endpoints/sip/${0.id}', 'DELETE /trunks/4/registers/sip/9', 'DELETE /registers/sip/9',
    ]);
    expect(plan_of(trunks, wanted({ parts: [{ part: endpoint!, before: { id: 3 }, after: {} }] }))).toEqual([]);
    expect(said(plan_of(trunks, wanted({ parts: [{ part: endpoint!, before: { id: 3 }, after: { host: 'x' } }] })))).toEqual(['PUT /endpoints/sip/3']);
  });
  test('to numbers that are dialled to get out', () => {
    const before = [{ id: 1, exten: '_0.', context: 'out', strip_digits: 1 }, { id: 2, exten: '112', context: 'out', strip_digits: 0 }];
    const after = [{ ...before[0]!, strip_digits: 2 }, { exten: '_00.', context: 'out', prefix: '9' }];
    expect(plan_of({ collection: '/outcalls' }, wanted({ dialled: { before, after } }))).toEqual([
      { method: 'DELETE', path: '/outcalls/4/extensions/2' },
      { method: 'DELETE', path: '/extensions/2' },
      { method: 'PUT', path: '/outcalls/4/extensions/1', body: { strip_digits: 2 } },
      { method: 'POST', path: '/extensions', body: { exten: '_00.', context: 'out' } },
      { method: 'PUT', path: '/outcalls/4/extensions/${3.id}', body: { prefix: '9' } },
    ]);
  });
});

test('what belongs to a resource goes with it', () => {
  expect(said(erasure_of({ collection: '/groups' }, '4', { extensions: [{ id: 6 }] }, true))).toEqual(['DELETE /groups/4/extensions/6', 'DELETE /groups/4', 'DELETE /extensions/6']);
  expect(said(erasure_of(trunks, '4', { endpoint_sip: { id: 3 }, register_sip: null }, false))).toEqual(['DELETE /trunks/4/endpoints/sip/3', 'DELETE /trunks/4', 'DELETE /endpoints/sip/3']);
});

test('members are found wherever they are shown', () => {
  expect(shown_at({ members: { users: [{ uuid: 'a' }] } }, 'members.users')).toEqual([{ uuid: 'a' }]);
  expect(shown_at({ members: [{ users: [{ uuid: 'a' }] }] }, 'members.users')).toEqual([{ uuid: 'a' }]);
  expect(shown_at({ members: null }, 'members.users')).toEqual([]);
  expect(shown_at(null, 'members.users')).toEqual([]);
});
