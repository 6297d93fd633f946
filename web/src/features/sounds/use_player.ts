// SPDX-License-Identifier: GPL-3.0-or-later
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { devices, sound_through } from '@/features/softphone/devices';

interface Played {
  /// Names the sound that is played, paused or being fetched; null: none is.
  current: string | null;
  playing: boolean;
  /// In seconds.
  position: number;
  /// In seconds; null as long as that is not known.
  length: number | null;
}

export interface Player extends Played {
  /// From its beginning, whatever is played now.
  play: (name: string) => Promise<void>;
  /// Pauses what is played, goes on with what is paused, plays what is not the current one.
  toggle: (name: string) => Promise<void>;
  pause: () => void;
  /// Also of a sound that is not played yet, which stays paused then.
  seek: (name: string, seconds: number) => Promise<void>;
  stop: () => void;
}

const kNothing: Played = { current: null, playing: false, position: 0, length: null };

/// Plays sounds of the server one at a time, through the speaker that the person has chosen. They need the token, so that no
/// address of them can be given to the browser.
/// @param fetch constant, as are the others. @param on_end when one was heard to its end.
export function usePlayer(fetch: (name: string) => Promise<Blob>, on_error: (error: unknown) => void, on_end?: (name: string) => void): Player {
  const audio = useRef<HTMLAudioElement | null>(null);
  const current = useRef<string | null>(null);
  /// The sound that is being fetched, or was.
  const opening = useRef<{ name: string; player: Promise<HTMLAudioElement | null> } | null>(null);
  const [played, set_played] = useState(kNothing);
  const stop = useCallback(() => {
    audio.current?.pause();
    if (audio.current) URL.revokeObjectURL(audio.current.src);
    audio.current = null;
    current.current = null;
    opening.current = null;
    set_played(kNothing);
  }, []);
  useEffect(() => stop, [stop]);
  useEffect(
    () =>
      devices.subscribe(() => {
        if (audio.current) void sound_through(audio.current, devices.id_of('speaker'));
      }),
    [],
  );
  /// The sound, ready to be played; null where something else was wanted in the meantime.
  const load = useCallback(
    async (name: string, is_wanted: () => boolean): Promise<HTMLAudioElement | null> => {
      const sound = await fetch(name);
      if (!is_wanted()) return null;
      const player = new Audio(URL.createObjectURL(sound));
      audio.current = player;
      const note = () => {
        if (audio.current === player)
          set_played({ current: name, playing: !player.paused && !player.ended, position: player.currentTime, length: Number.isFinite(player.duration) ? player.duration : null });
      };
      for (const event of ['timeupdate', 'play', 'pause', 'seeked', 'loadedmetadata']) player.addEventListener(event, note);
      player.addEventListener('ended', () => {
        if (audio.current !== player) return;
        stop();
        on_end?.(name);
      });
      await sound_through(player, devices.id_of('speaker'));
      return player;
    },
    [fetch, stop, on_end],
  );
  const open = useCallback(
    (name: string): Promise<HTMLAudioElement | null> => {
      if (audio.current && current.current === name) return Promise.resolve(audio.current);
      // Whoever drags its position wants it many times, and it once.
      if (opening.current?.name === name) return opening.current.player;
      stop();
      current.current = name;
      set_played({ ...kNothing, current: name });
      const mine = { name, player: Promise.resolve<HTMLAudioElement | null>(null) };
      opening.current = mine;
      mine.player = load(name, () => opening.current === mine);
      return mine.player;
    },
    [load, stop],
  );
  const attempt = useCallback(
    async (name: string, work: (player: HTMLAudioElement) => unknown) => {
      try {
        const player = await open(name);
        if (player) await work(player);
      } catch (error) {
        // Stopped or paused before it began to sound: somebody wanted that.
        if ((error as { name?: string } | null)?.name === 'AbortError') return;
        if (current.current !== name) return;
        stop();
        on_error(error);
      }
    },
    [open, stop, on_error],
  );
  const play = useCallback(
    (name: string) => {
      stop();
      return attempt(name, (player) => player.play());
    },
    [attempt, stop],
  );
  const toggle = useCallback((name: string) => attempt(name, (player) => (player.paused ? player.play() : player.pause())), [attempt]);
  const pause = useCallback(() => audio.current?.pause(), []);
  const seek = useCallback(
    (name: string, seconds: number) => {
      // Seen at once: whoever holds a key goes on from there.
      set_played((before) => (before.current === name ? { ...before, position: seconds } : before));
      return attempt(name, (player) => {
        player.currentTime = seconds;
      });
    },
    [attempt],
  );
  return useMemo(() => ({ ...played, play, toggle, pause, seek, stop }), [played, play, toggle, pause, seek, stop]);
}
