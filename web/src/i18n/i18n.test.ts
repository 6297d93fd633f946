// SPDX-License-Identifier: GPL-3.0-or-later
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import en from './en.json';
import fr from './fr.json';

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, prefix = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of Object.entries(tree))
    if (typeof value === 'string') all.set(prefix + name, value);
    else for (const [key, text] of flat(value, `${prefix}${name}.`)) all.set(key, text);
  return all;
}
const parameters = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();
const sources = () =>
  readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('generated'))
    .map((name) => readFileSync(path.join('src', name), 'utf8'))
    .join('\n');

describe('translations', () => {
  const english = flat(en);
  const french = flat(fr);

  test('every text is there in both languages, and says something', () => {
    expect([...french.keys()].sort()).toEqual([...english.keys()].sort());
    for (const text of [...english.values(), ...french.values()]) expect(text.trim()).not.toBe('');
  });
  test('both languages fill in the same', () => {
    for (const [key, text] of english) expect([key, parameters(french.get(key) ?? '')]).toEqual([key, parameters(text)]);
  });
  test('every text that is asked for is there', () => {
    const asked = [...sources().matchAll(/\bt\('([\w.]+)'/g)].map((match) => match[1]!);
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter((key) => !english.has(key) && !english.has(`${key}_one`))).toEqual([]);
  });
});
