// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { names_users, report_of } from './import_report';

test('the report of the server is told row by row', () => {
  expect(report_of({ created: [{}, {}], dry_run: true })).toEqual({ rows: 2, problems: [], dry_run: true });
  const errors = [
    { message: "Row 4: 'exten' is taken: '1510'", details: { row_number: 4, column: 'exten', value: '1510', reason: 'is taken', row: {} } },
    { message: 'is no CSV', details: { row_number: 0, row: {} } },
  ];
  expect(report_of({ errors })?.problems).toEqual([
    { row: 0, column: '', value: '', reason: 'is no CSV' },
    { row: 4, column: 'exten', value: '1510', reason: 'is taken' },
  ]);
  for (const other of [undefined, null, '', ['no'], {}]) expect(report_of(other)).toBe(null);
});

test('a table with a column uuid changes users', () => {
  expect(names_users('\uFEFFentity_id,"uuid",firstname\n')).toBe(true);
  expect(names_users('firstname,exten\nuuid,1')).toBe(false);
});
