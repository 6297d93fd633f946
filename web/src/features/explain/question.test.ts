// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { question_of, step_of } from './question';

const asked = { from: 'user' as const, user: 'u', context: 'from-extern', number: '', to: ' 01 23.45 ', when: '' };

test('a question names who calls, what is dialled and when', () => {
  expect(question_of(asked)).toEqual({ from: { user: 'u' }, to: '012345' });
  expect(question_of({ ...asked, from: 'outside', number: ' 0612 ', when: '2026-11-27T19:05' })).toEqual({
    from: { context: 'from-extern', number: '0612' }, to: '012345', when: new Date('2026-11-27T19:05').toISOString(),
  });
});

test('the lines of a trace are taken apart', () => {
  expect(step_of('  0.004 s  looks up 1002 in default')).toEqual({ after: 0.004, text: 'looks up 1002 in default' });
  expect(step_of('Call 1764000000.1')).toEqual({ after: null, text: 'Call 1764000000.1' });
});
