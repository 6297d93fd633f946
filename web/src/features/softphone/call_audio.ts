// SPDX-License-Identifier: GPL-3.0-or-later
import { sound_through, type Devices } from './devices';

interface Part {
  connection: RTCPeerConnection;
  player: HTMLAudioElement | null;
  /// The device that is sent, as it was asked for.
  microphone: string;
  /// Opened here, in the place of the one that the call began with.
  track: MediaStreamTrack | null;
  changing: boolean;
}

/// What calls are heard and spoken through. Follows the person's choice in the middle of a call, and what is pulled out and
/// plugged in.
export class CallAudio {
  private readonly parts = new Map<string, Part>();

  /// @param deaf called when nothing can be sent any more for want of a microphone, and when something can again.
  constructor(
    private readonly devices: Devices,
    private readonly deaf: (id: string, is_deaf: boolean) => void,
  ) {
    devices.subscribe(() => this.follow());
  }

  begin(id: string, connection: RTCPeerConnection): void {
    const part: Part = { connection, player: null, microphone: this.devices.id_of('microphone'), track: null, changing: false };
    this.parts.set(id, part);
    connection.addEventListener('track', (event) => {
      part.player ??= Object.assign(new Audio(), { autoplay: true });
      part.player.srcObject = event.streams[0] ?? new MediaStream([event.track]);
      void sound_through(part.player, this.devices.id_of('speaker'));
      void part.player.play().catch(() => undefined);
      this.watch(id, sender_of(part)?.track);
      // The browser names its devices once the microphone may be used.
      void this.devices.look();
    });
  }

  end(id: string): void {
    const part = this.parts.get(id);
    this.parts.delete(id);
    if (part?.player) part.player.srcObject = null;
    part?.track?.stop();
  }

  private follow(): void {
    for (const [id, part] of this.parts) {
      if (part.player) void sound_through(part.player, this.devices.id_of('speaker'));
      void this.change_microphone(id, part);
    }
  }

  private async change_microphone(id: string, part: Part): Promise<void> {
    const fits = () => part.microphone === this.devices.id_of('microphone') && sender_of(part)?.track?.readyState === 'live';
    const begun = sender_of(part);
    if (part.changing || !begun || fits()) return;
    part.changing = true;
    try {
      // Perhaps something else was chosen while one was being opened.
      do {
        const wanted = this.devices.id_of('microphone');
        const track = await this.devices.open_microphone();
        const sender = sender_of(part);
        if (this.parts.get(id) !== part || !sender) return track.stop();
        // Muted and held calls stay so.
        track.enabled = sender.track?.enabled ?? true;
        const before = sender.track;
        await sender.replaceTrack(track);
        before?.stop();
        Object.assign(part, { track, microphone: wanted });
        this.watch(id, track);
      } while (part.microphone !== this.devices.id_of('microphone'));
      this.deaf(id, false);
    } catch {
      if (this.parts.get(id) === part && sender_of(part)?.track?.readyState !== 'live') this.deaf(id, true);
    } finally {
      part.changing = false;
    }
  }

  /// A microphone that is pulled out ends.
  private watch(id: string, track: MediaStreamTrack | null | undefined): void {
    track?.addEventListener('ended', () => {
      const part = this.parts.get(id);
      if (part) void this.change_microphone(id, part);
    });
  }
}

const sender_of = ({ connection }: Part) => connection.getSenders().find((sender) => sender.track?.kind === 'audio');
