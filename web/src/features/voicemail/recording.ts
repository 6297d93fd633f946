// SPDX-License-Identifier: GPL-3.0-or-later
import { devices } from '@/features/softphone/devices';
import { as_wav } from './wav';

export interface Recording {
  /// What was said until now, as WAV.
  finish: () => Promise<Blob>;
  cancel: () => void;
}

/// Of the microphone that the person has chosen. Refused as getUserMedia() refuses.
export async function begin_recording(): Promise<Recording> {
  const track = await devices.open_microphone();
  const recorder = new MediaRecorder(new MediaStream([track]));
  const parts: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
  const stopped = new Promise<void>((resolve) => recorder.addEventListener('stop', () => resolve()));
  recorder.start();
  const stop = () => {
    if (recorder.state !== 'inactive') recorder.stop();
    track.stop();
  };
  return {
    finish: async () => {
      stop();
      await stopped;
      return as_wav(new Blob(parts, { type: recorder.mimeType }));
    },
    cancel: stop,
  };
}
