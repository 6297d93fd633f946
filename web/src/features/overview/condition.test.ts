// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import type { TrunkState } from '@/api/client';
import { by_urgency, condition_of, kSilent } from './condition';

const kSince = '2026-11-29T12:00:00.000Z';
const kLater = '2026-11-29T13:00:00.000Z';
const registered = (state: 'trying' | 'registered' | 'refused' | 'unreachable', reason = '') => ({ account: 'a@b', state, reason, since: state === 'trying' ? null : kSince });
const trunk = (registration: TrunkState['registration'], monitoring: TrunkState['monitoring'] = null, name = 'x'): TrunkState => ({ trunk_id: 1, name, registration, monitoring });
const said = (of: TrunkState) => {
  const { condition, since, reason } = condition_of(of);
  return [condition, since, reason];
};

test('a trunk works where nothing speaks against it', () => {
  expect(said(trunk(null))).toEqual(['unknown', null, '']);
  expect(said(trunk(registered('trying')))).toEqual(['trying', null, '']);
  expect(said(trunk(registered('registered')))).toEqual(['registered', kSince, '']);
  expect(said(trunk(registered('refused', '403 Forbidden')))).toEqual(['fails', kSince, '403 Forbidden']);
  expect(said(trunk(registered('unreachable', 'no answer')))).toEqual(['fails', kSince, 'no answer']);
  expect(said(trunk(null, { reachable: true, since: null }))).toEqual(['trying', null, '']);
  expect(said(trunk(null, { reachable: true, since: kLater }))).toEqual(['reachable', kLater, '']);
  expect(said(trunk(registered('registered'), { reachable: false, since: kLater }))).toEqual(['fails', kLater, kSilent]);
  expect(said(trunk(registered('registered'), { reachable: true, since: kLater }))).toEqual(['registered', kSince, '']);
});

test('what fails is seen first', () => {
  const all = [trunk(null, null, 'd'), trunk(registered('registered'), null, 'b'), trunk(registered('refused'), null, 'c'), trunk(registered('registered'), null, 'a')];
  expect(all.map(condition_of).sort(by_urgency).map(({ trunk: { name } }) => name)).toEqual(['c', 'a', 'b', 'd']);
});
