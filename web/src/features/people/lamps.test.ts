// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { lamp_of } from './lamps';

test('every state of a line has a lamp, and an unknown one is none', () => {
  expect([0, 1, 4, 8, 9, 16].map(lamp_of)).toEqual(['free', 'talking', 'away', 'ringing', 'ringing', 'held']);
  for (const other of [-1, 3, 99, Number.NaN]) expect(lamp_of(other)).toBe('unknown');
});
