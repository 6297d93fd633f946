// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { mixed, wav_of } from './wav';

test('a WAV file says what is in it', () => {
  const view = new DataView(wav_of(new Float32Array([0, 1, -1, 2, 0.5]), 16_000));
  const text = (from: number, length: number) => String.fromCharCode(...new Uint8Array(view.buffer, from, length));
  expect([text(0, 4), text(8, 8), text(36, 4)]).toEqual(['RIFF', 'WAVEfmt ', 'data']);
  expect([view.getUint32(4, true), view.getUint32(40, true), view.byteLength]).toEqual([46, 10, 54]);
  expect([20, 22, 32, 34].map((at) => view.getUint16(at, true))).toEqual([1, 1, 2, 16]);
  expect([view.getUint32(24, true), view.getUint32(28, true)]).toEqual([16_000, 32_000]);
  expect([0, 1, 2, 3, 4].map((index) => view.getInt16(44 + index * 2, true))).toEqual([0, 32767, -32767, 32767, 16384]);
});

test('channels become one', () => {
  expect([...mixed([new Float32Array([1, 0]), new Float32Array([0, 0.5])])]).toEqual([0.5, 0.25]);
  expect([...mixed([new Float32Array([0.5])])]).toEqual([0.5]);
  expect(mixed([])).toHaveLength(0);
});
