// SPDX-License-Identifier: GPL-3.0-or-later
// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { usePlayer } from './use_player';

/// What a browser plays with, without any sound.
class Sounding extends EventTarget {
  static last: Sounding;
  paused = true;
  ended = false;
  currentTime = 0;
  duration = 9;
  constructor(readonly src: string) {
    super();
    Sounding.last = this;
  }
  play() {
    this.paused = false;
    this.dispatchEvent(new Event('play'));
    return Promise.resolve();
  }
  pause() {
    this.paused = true;
    this.dispatchEvent(new Event('pause'));
  }
  end() {
    this.ended = true;
    this.dispatchEvent(new Event('ended'));
  }
}

const revoked: string[] = [];
beforeEach(() => {
  vi.stubGlobal('Audio', Sounding);
  Object.assign(URL, { createObjectURL: (blob: Blob) => `blob:${blob.type}`, revokeObjectURL: (url: string) => revoked.push(url) });
  revoked.length = 0;
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const failed = vi.fn();
const ended = vi.fn();
function player(fetch = (name: string) => Promise.resolve(new Blob([], { type: name }))) {
  return renderHook(() => usePlayer(fetch, failed, ended)).result;
}

test('a sound is played, paused, gone on with and heard to its end', async () => {
  const result = player();
  await act(() => result.current.toggle('one'));
  expect(result.current).toMatchObject({ current: 'one', playing: true, length: 9 });
  await act(() => result.current.toggle('one'));
  expect(result.current).toMatchObject({ current: 'one', playing: false });
  await act(() => result.current.toggle('one'));
  expect(result.current.playing).toBe(true);
  act(() => Sounding.last.end());
  expect(ended).toHaveBeenCalledExactlyOnceWith('one');
  expect(result.current).toMatchObject({ current: null, playing: false, position: 0 });
  expect(revoked).toEqual(['blob:one']);
});

test('one may skip before anything is played, which stays paused', async () => {
  const result = player();
  await act(() => result.current.seek('one', 4));
  expect(result.current).toMatchObject({ current: 'one', playing: false });
  expect(Sounding.last.currentTime).toBe(4);
  await act(() => result.current.seek('one', 5));
  expect(result.current.position).toBe(5);
  await act(() => result.current.toggle('one'));
  expect(result.current).toMatchObject({ playing: true, position: 5 });
});

test('what was asked for last is played, whatever arrives first', async () => {
  const arrive = new Map<string, () => void>();
  const result = player((name) => new Promise((resolve) => arrive.set(name, () => resolve(new Blob([], { type: name })))));
  await act(async () => {
    const both = [result.current.play('slow'), result.current.play('fast')];
    arrive.get('fast')!();
    arrive.get('slow')!();
    await Promise.all(both);
  });
  expect(result.current).toMatchObject({ current: 'fast', playing: true });
  expect(Sounding.last.src).toBe('blob:fast');
});

test('a failure is told, and nothing is played', async () => {
  const gone = new Error('gone');
  const result = player(() => Promise.reject(gone));
  await act(() => result.current.toggle('one'));
  expect(failed).toHaveBeenCalledExactlyOnceWith(gone);
  expect(result.current.current).toBeNull();
});
