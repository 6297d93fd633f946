// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever a browser can read or record, as the server keeps greetings: WAV, 16 bit, one channel.

/// What telephones hear at their best.
const kRate = 16_000;
const kHeader = 44;

/// @param samples from -1 to 1; what is beyond is cut.
export function wav_of(samples: Float32Array, rate: number): ArrayBuffer {
  const bytes = new ArrayBuffer(kHeader + samples.length * 2);
  const view = new DataView(bytes);
  const text = (at: number, letters: string) => [...letters].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  text(0, 'RIFF');
  view.setUint32(4, bytes.byteLength - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, index) => view.setInt16(kHeader + index * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 0x7fff), true));
  return bytes;
}

/// All channels as one.
export function mixed(channels: readonly Float32Array[]): Float32Array {
  const [first, ...others] = channels;
  if (!first) return new Float32Array();
  return others.length === 0 ? first : first.map((sample, at) => others.reduce((sum, channel) => sum + (channel[at] ?? 0), sample) / channels.length);
}

/// Refused with a DOMException where the browser cannot read it.
export async function as_wav(sound: Blob): Promise<Blob> {
  const audio = await new OfflineAudioContext(1, 1, kRate).decodeAudioData(await sound.arrayBuffer());
  const channels = Array.from({ length: audio.numberOfChannels }, (_, channel) => audio.getChannelData(channel));
  return new Blob([wav_of(mixed(channels), kRate)], { type: 'audio/wav' });
}
