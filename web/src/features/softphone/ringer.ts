// SPDX-License-Identifier: GPL-3.0-or-later

import { sound_through, type Devices } from './devices';

type Burst = [start: number, length: number];

/// Rings for incoming calls and plays ringback while the other side's phone rings. All tones are made here.
export class Ringer {
  private audio: AudioContext | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;
  private sounding: AudioNode | null = null;

  constructor(private readonly devices: Devices) {}

  unlock(): void {
    this.audio ??= new AudioContext();
    void this.audio.resume();
  }

  /// @param softly somebody is already talking.
  ring(softly: boolean): void {
    navigator.vibrate?.([400, 200, 400]);
    this.repeat('ring', [523, 659], softly ? 0.04 : 0.15, [[0, 0.4], [0.6, 0.4]], 3000);
  }
  ringback(): void {
    this.repeat('speaker', [440, 480], 0.05, [[0, 2]], 6000);
  }
  /// Once, unless a call sounds.
  sample(role: 'speaker' | 'ring'): void {
    if (this.timer === undefined) this.play(role, [523, 659], 0.15, [[0, 0.4], [0.6, 0.4]]);
  }
  silence(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.sounding?.disconnect();
    this.sounding = null;
  }

  private repeat(role: 'speaker' | 'ring', frequencies: number[], volume: number, bursts: Burst[], period: number): void {
    this.silence();
    const play = () => this.play(role, frequencies, volume, bursts);
    play();
    this.timer = setInterval(play, period);
  }

  private play(role: 'speaker' | 'ring', frequencies: number[], volume: number, bursts: Burst[]): void {
    const audio = this.audio;
    if (!audio || audio.state !== 'running') return;
    void sound_through(audio as { setSinkId?: (id: string) => Promise<void> }, this.devices.id_of(role));
    this.sounding?.disconnect();
    const gain = audio.createGain();
    gain.gain.value = 0;
    gain.connect(audio.destination);
    this.sounding = gain;
    const end = Math.max(...bursts.map(([start, length]) => start + length));
    for (const [start, length] of bursts) {
      gain.gain.setTargetAtTime(volume, audio.currentTime + start, 0.02);
      gain.gain.setTargetAtTime(0, audio.currentTime + start + length, 0.02);
    }
    for (const frequency of frequencies) {
      const oscillator = audio.createOscillator();
      oscillator.frequency.value = frequency;
      oscillator.connect(gain);
      oscillator.start();
      oscillator.stop(audio.currentTime + end + 0.2);
    }
  }
}
