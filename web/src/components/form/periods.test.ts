// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { bars_of, days_of_text, text_of_days } from './periods';

describe('periods of a schedule', () => {
  const office = { hours_start: '09:00', hours_end: '18:00', week_days: [1, 2, 3, 4, 5] };
  test('are drawn on their days', () => {
    expect(bars_of([office], 1)).toEqual([{ from: 540, to: 1080, partly: false, text: '09:00–18:00' }]);
    expect(bars_of([office], 6)).toEqual([]);
    expect(bars_of([{ ...office, week_days: [] }], 7)).toHaveLength(1);
  });
  test('over midnight go on the next day, also from Sunday to Monday', () => {
    const night = { hours_start: '22:00', hours_end: '06:00', week_days: [7] };
    expect(bars_of([night], 7)).toEqual([{ from: 1320, to: 1440, partly: false, text: '22:00–06:00' }]);
    expect(bars_of([night], 1)).toEqual([{ from: 0, to: 360, partly: false, text: '…–06:00' }]);
    expect(bars_of([night], 2)).toEqual([]);
  });
  test('of some weeks are marked, what is no time is not drawn', () => {
    expect(bars_of([{ ...office, months: [12] }], 1)[0]?.partly).toBe(true);
    expect(bars_of([{ ...office, hours_end: '' }], 1)).toEqual([]);
  });
});

test('days of a month are written as people write them', () => {
  expect(days_of_text('1, 24-26,31 – 40, 0')).toEqual([1, 24, 25, 26, 31]);
  expect(days_of_text('none')).toEqual([]);
  expect(text_of_days([1, 24, 25, 26, 31])).toBe('1, 24-26, 31');
  expect(text_of_days(undefined)).toBe('');
});
