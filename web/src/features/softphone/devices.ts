// SPDX-License-Identifier: GPL-3.0-or-later
// Which microphone, speaker and ring device a person uses at this machine.

/// `speaker`: what the other side says. `ring`: calls that come in.
export type DeviceRole = 'microphone' | 'speaker' | 'ring';
export const kRoles: readonly DeviceRole[] = ['microphone', 'speaker', 'ring'];

export interface Device {
  id: string;
  label: string;
}
export interface DevicesState {
  /// As the browser tells of them: nothing as long as it may not use the microphone.
  known: Record<DeviceRole, readonly Device[]>;
  /// Of those that were chosen; the system's own else.
  chosen: Partial<Record<DeviceRole, Device>>;
}

const kKept = 'almon.devices';
/// Stand for others, and change with the system's settings: what one has who has chosen none.
const kStandIns = new Set(['', 'default', 'communications']);
const kKindOf: Record<DeviceRole, MediaDeviceKind> = { microphone: 'audioinput', speaker: 'audiooutput', ring: 'audiooutput' };

function kept(): DevicesState['chosen'] {
  const chosen: DevicesState['chosen'] = {};
  try {
    const read = JSON.parse(localStorage.getItem(kKept) ?? '{}') as Record<string, Partial<Device> | null> | null;
    for (const role of kRoles) {
      const { id, label } = read?.[role] ?? {};
      if (typeof id === 'string' && typeof label === 'string' && !kStandIns.has(id)) chosen[role] = { id, label };
    }
  } catch {
    // Storage is switched off, or somebody else has written there: then nothing was chosen.
  }
  return chosen;
}

export class Devices {
  private readonly listeners = new Set<() => void>();
  private state: DevicesState = { known: { microphone: [], speaker: [], ring: [] }, chosen: kept() };

  /// @param media none where the page may not hear and be heard: not over HTTPS.
  constructor(private readonly media: MediaDevices | undefined) {
    media?.addEventListener('devicechange', () => void this.look());
    void this.look();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly snapshot = (): DevicesState => this.state;

  /// Asks the browser what there is: anew when it may tell more than before.
  async look(): Promise<void> {
    const all = (await this.media?.enumerateDevices().catch(() => [])) ?? [];
    const of = (role: DeviceRole) => all.filter(({ kind, deviceId }) => kind === kKindOf[role] && !kStandIns.has(deviceId)).map(({ deviceId, label }) => ({ id: deviceId, label }));
    this.update({ known: { microphone: of('microphone'), speaker: of('speaker'), ring: of('ring') } });
  }

  /// Kept for the next time. @param id empty: the system's own.
  choose(role: DeviceRole, id: string): void {
    const device = this.state.known[role].find((known) => known.id === id);
    const { [role]: _, ...others } = this.state.chosen;
    this.update({ chosen: device ? { ...others, [role]: device } : others });
    try {
      localStorage.setItem(kKept, JSON.stringify(this.state.chosen));
    } catch {
      // Then it holds until the page is loaded again.
    }
  }

  /// The device to use now; empty: the system's own, since none was chosen, the chosen one is not plugged in, or the browser
  /// tells of none yet.
  id_of(role: DeviceRole): string {
    const chosen = this.state.chosen[role];
    const known = this.state.known[role];
    if (!chosen) return '';
    // Browsers give other ids when their memory was cleared.
    return (known.find(({ id }) => id === chosen.id) ?? known.find(({ label }) => label === chosen.label))?.id ?? '';
  }

  /// For getUserMedia(). Exact, as Chromium prefers its default to an ideal one.
  microphone(): MediaTrackConstraints | true {
    const id = this.id_of('microphone');
    return id === '' ? true : { deviceId: { exact: id } };
  }
  async open_microphone(): Promise<MediaStreamTrack> {
    if (!this.media) throw new DOMException('there is no microphone without HTTPS', 'NotFoundError');
    const [track] = (await this.media.getUserMedia({ audio: this.microphone() })).getAudioTracks();
    if (!track) throw new DOMException('a stream without a track', 'NotFoundError');
    return track;
  }

  private update(part: Partial<DevicesState>): void {
    this.state = { ...this.state, ...part };
    for (const listener of this.listeners) listener();
  }
}

export const devices = new Devices(typeof navigator === 'undefined' ? undefined : navigator.mediaDevices);

/// Lets an element or a context sound through a device, where the browser knows how; through the system's own where that fails.
export async function sound_through(sounding: { setSinkId?: (id: string) => Promise<void> }, id: string): Promise<void> {
  await sounding.setSinkId?.(id).catch(() => sounding.setSinkId?.('').catch(() => undefined));
}
export const can_choose_speaker = () => 'setSinkId' in HTMLMediaElement.prototype;
export const can_choose_ring = () => typeof AudioContext !== 'undefined' && 'setSinkId' in AudioContext.prototype;
