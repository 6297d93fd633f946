// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { number_of, plan_of } from './resource_plan';

const kind = { collection: '/groups' };
const none = number_of(null, 'default');
const one = number_of({ extensions: [{ id: 6, exten: '2000', context: 'default' }] }, '');
const said = (operations: Array<{ method: string; path: string }>) => operations.map(({ method, path }) => `${method} ${path}`);

test('a resource is made with its number and members as one change', () => {
  expect(plan_of(kind, null, { name: 'sales' }, none, { ...none, exten: '2000' }, [{ uuid: 'u', firstname: 'Ann' }])).toEqual([
    { method: 'POST', path: '/groups', body: { name: 'sales' } },
    { method: 'POST', path: '/extensions', body: { exten: '2000', context: 'default' } },
    { method: 'PUT', path: '/groups/${0.id}/extensions/${1.id}' },
    { method: 'PUT', path: '/groups/${0.id}/members/users', body: { users: [{ uuid: 'u' }] } },
  ]);
});
test('only what was changed is done', () => {
  expect(plan_of(kind, '4', {}, one, one, null)).toEqual([]);
  expect(plan_of(kind, '4', {}, none, { ...none, context: 'other' }, null)).toEqual([]);
  expect(said(plan_of(kind, '4', { name: 'x' }, one, { ...one, exten: '2001' }, []))).toEqual(['PUT /groups/4', 'PUT /extensions/6', 'PUT /groups/4/members/users']);
  expect(said(plan_of(kind, '4', {}, one, { ...one, exten: '' }, null))).toEqual(['DELETE /groups/4/extensions/6', 'DELETE /extensions/6']);
});
