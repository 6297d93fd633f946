// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import type { LoggedCall } from '@/api/client';
import { first_moment, scale_of, traffic } from './traffic';

const now = new Date(2026, 10, 29, 14, 37, 20).getTime();
const at = (hours: number, minutes: number, seconds = 0, day = 29) => new Date(2026, 10, day, hours, minutes, seconds);
const call = (start: Date, answered: boolean) => ({ start: start.toISOString(), answer: answered ? start.toISOString() : null }) as LoggedCall;

test('an hour is twelve spans of the clock, the last of which has not passed', () => {
  expect(first_moment('hour', now)).toBe(at(13, 40).getTime());
  const spans = traffic('hour', [call(at(13, 39, 59), true), call(at(13, 40), true), call(at(14, 34, 59), false), call(at(14, 35), false), call(at(14, 37), true)], now);
  expect(spans).toHaveLength(12);
  expect(spans.map(({ answered, unanswered }) => `${answered}/${unanswered}`)).toEqual(['1/0', ...Array<string>(9).fill('0/0'), '0/1', '1/1']);
  expect(spans.at(-1)?.from).toBe(at(14, 35).getTime());
});

test('a day is twenty-four full hours', () => {
  const spans = traffic('day', [call(at(15, 0, 0, 28), true), call(at(14, 59, 59, 28), true), call(at(14, 0), false)], now);
  expect(spans).toHaveLength(24);
  expect(spans[0]).toEqual({ from: at(15, 0, 0, 28).getTime(), answered: 1, unanswered: 0 });
  expect(spans.at(-1)).toEqual({ from: at(14, 0).getTime(), answered: 0, unanswered: 1 });
});

test('a scale ends with a number that is read at a glance', () => {
  const most = (answered: number) => scale_of([{ from: 0, answered, unanswered: 0 }]);
  expect([0, 3, 4, 5, 7, 10, 11, 33, 450, 999].map(most)).toEqual([4, 4, 4, 5, 10, 10, 20, 40, 500, 1000]);
  expect(scale_of([])).toBe(4);
});
