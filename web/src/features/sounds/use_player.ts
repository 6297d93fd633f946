// SPDX-License-Identifier: GPL-3.0-or-later
import { useCallback, useEffect, useRef, useState } from 'react';
import { files } from '@/api/client';

/// Plays files of the server one at a time; they need the token, so that no address of them can be given to the browser.
export function usePlayer(on_error: (error: unknown) => void) {
  const audio = useRef<HTMLAudioElement | null>(null);
  const [playing, set_playing] = useState<string | null>(null);
  const stop = useCallback(() => {
    audio.current?.pause();
    if (audio.current) URL.revokeObjectURL(audio.current.src);
    audio.current = null;
    set_playing(null);
  }, []);
  useEffect(() => stop, [stop]);
  const play = useCallback(
    async (path: string) => {
      stop();
      set_playing(path);
      try {
        const player = new Audio(URL.createObjectURL(await files.get(path)));
        audio.current = player;
        player.onended = stop;
        await player.play();
      } catch (error) {
        stop();
        on_error(error);
      }
    },
    [stop, on_error],
  );
  return { playing, play, stop };
}
