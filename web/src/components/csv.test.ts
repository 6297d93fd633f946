// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { rows_of_csv } from './csv';

test('tables are read as RFC 4180 writes them', () => {
  expect(rows_of_csv('a,b\r\n"x, ""y""\nz",\r\n')).toEqual([['a', 'b'], ['x, "y"\nz', '']]);
  expect(rows_of_csv('a,b\n1,2')).toEqual([['a', 'b'], ['1', '2']]);
  expect(rows_of_csv('')).toEqual([]);
});
