// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { presence_label, reachable_from } from './presence';

const choice = (name: string, label: string, reachable: string[] = []) => ({ name, label, color: '#000000', reachable });
const choices = [choice('available', 'Disponible', ['away']), choice('away', 'On site', ['available', 'training']), choice('training', 'In <b>training</b>')];
const translated = (name: string) => `${name} in my language`;

// ADA-097
test('shipped words are translated, those of an administrator are not', () => {
  expect(presence_label('available', choices, translated)).toBe('available in my language');
  expect(presence_label('away', choices, translated)).toBe('On site');
  expect(presence_label('training', choices, translated)).toBe('In <b>training</b>');
});

test('a presence of another group is called by what is known of it', () => {
  expect(presence_label('outtolunch', choices, translated)).toBe('outtolunch in my language');
  expect(presence_label('surfing', choices, translated)).toBe('surfing');
  expect(presence_label('constructor', choices, translated)).toBe('constructor');
});

// ADA-098
test('only what can be reached from the present one can be chosen', () => {
  expect([...reachable_from('available', choices)]).toEqual(['available', 'away']);
  expect([...reachable_from('training', choices)]).toEqual(['available', 'away', 'training']);
  expect([...reachable_from('disconnected', choices)]).toEqual(['available', 'away', 'training']);
});
