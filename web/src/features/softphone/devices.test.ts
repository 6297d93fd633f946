// SPDX-License-Identifier: GPL-3.0-or-later
// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from 'vitest';
import { CallAudio } from './call_audio';
import { Devices } from './devices';

/// What a machine has: devices are plugged in and pulled out.
class Machine extends EventTarget {
  plugged: Array<Partial<MediaDeviceInfo>> = [];
  opened: Track[] = [];
  refuses = false;
  enumerateDevices = () => Promise.resolve(this.plugged as MediaDeviceInfo[]);
  getUserMedia = ({ audio }: MediaStreamConstraints) => {
    if (this.refuses) return Promise.reject(new DOMException('', 'NotFoundError'));
    const track = new Track(typeof audio === 'object' ? String((audio.deviceId as ConstrainDOMStringParameters).exact) : 'system');
    this.opened.push(track);
    return Promise.resolve({ getAudioTracks: () => [track] } as unknown as MediaStream);
  };
  async plug(...ids: string[]): Promise<void> {
    this.plugged = [{ kind: 'audioinput', deviceId: 'default', label: 'Default' }, ...ids.map((id) => ({ kind: 'audioinput' as const, deviceId: id, label: `the ${id}` })), { kind: 'audiooutput', deviceId: 'speaker', label: 'the speaker' }];
    this.dispatchEvent(new Event('devicechange'));
    await settled();
  }
}
class Track extends EventTarget {
  kind = 'audio';
  readyState = 'live';
  enabled = true;
  constructor(readonly device: string) {
    super();
  }
  stop() {
    this.readyState = 'ended';
  }
  pull() {
    this.stop();
    this.dispatchEvent(new Event('ended'));
  }
}
class Connection extends EventTarget {
  sender = {
    track: new Track('system'),
    replaceTrack: vi.fn((track: Track) => {
      this.sender.track = track;
      return Promise.resolve();
    }),
  };
  getSenders = () => [this.sender];
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

let machine: Machine;
let devices: Devices;
beforeEach(async () => {
  localStorage.clear();
  machine = new Machine();
  devices = new Devices(machine as unknown as MediaDevices);
  await machine.plug('headset', 'webcam');
});

function talk() {
  const connection = new Connection();
  const deaf = vi.fn();
  const audio = new CallAudio(devices, deaf);
  audio.begin('call', connection as unknown as RTCPeerConnection);
  return { connection, deaf, audio };
}

test('a choice is kept, and used while it is plugged in', async () => {
  expect(devices.microphone()).toBe(true);
  devices.choose('microphone', 'headset');
  expect(devices.microphone()).toEqual({ deviceId: { exact: 'headset' } });
  expect(devices.id_of('ring')).toBe('');
  const next = new Devices(machine as unknown as MediaDevices);
  await settled();
  expect(next.id_of('microphone')).toBe('headset');
  await machine.plug('webcam');
  expect(next.id_of('microphone')).toBe('');
  await machine.plug('webcam', 'headset');
  expect(next.id_of('microphone')).toBe('headset');
  next.choose('microphone', '');
  expect(new Devices(undefined).id_of('microphone')).toBe('');
});

test('a device is known again by its name when the browser has given it another id', async () => {
  devices.choose('microphone', 'headset');
  machine.plugged = [{ kind: 'audioinput', deviceId: 'other', label: 'the headset' }];
  await devices.look();
  expect(devices.id_of('microphone')).toBe('other');
});

test('what was kept and cannot be read is no choice', () => {
  for (const kept of ['', 'null', '7', '[]', '{"microphone": 4}', '{"microphone": {"id": "x"}}', '{"microphone": {"id": "default", "label": ""}}']) {
    localStorage.setItem('almon.devices', kept);
    expect(new Devices(undefined).snapshot().chosen).toEqual({});
  }
});

test('another microphone is sent in the middle of a call, muted where the one before was', async () => {
  const { connection } = talk();
  const first = connection.sender.track;
  first.enabled = false;
  devices.choose('microphone', 'webcam');
  await settled();
  expect(connection.sender.track.device).toBe('webcam');
  expect(connection.sender.track.enabled).toBe(false);
  expect(first.readyState).toBe('ended');
  devices.choose('speaker', 'speaker');
  await settled();
  expect(connection.sender.replaceTrack).toHaveBeenCalledTimes(1);
});

test('who clicks fast has what he clicked last, and no microphone stays open', async () => {
  const { connection, audio } = talk();
  devices.choose('microphone', 'webcam');
  devices.choose('microphone', 'headset');
  await settled();
  expect(connection.sender.track.device).toBe('headset');
  expect(machine.opened.filter(({ readyState }) => readyState === 'live')).toHaveLength(1);
  audio.end('call');
  expect(machine.opened.filter(({ readyState }) => readyState === 'live')).toHaveLength(0);
});

test('a headset that is pulled out is replaced, and used again when it is back', async () => {
  devices.choose('microphone', 'headset');
  const { connection, deaf } = talk();
  connection.sender.track.pull();
  await machine.plug('webcam');
  expect(connection.sender.track.device).toBe('system');
  await machine.plug('webcam', 'headset');
  expect(connection.sender.track.device).toBe('headset');
  expect(deaf).not.toHaveBeenCalledWith('call', true);
});

test('a chosen microphone is sent as soon as the browser tells of it', async () => {
  devices.choose('microphone', 'headset');
  machine.plugged = [{ kind: 'audioinput', deviceId: '', label: '' }];
  await devices.look();
  const { connection } = talk();
  await machine.plug('headset');
  expect(connection.sender.track.device).toBe('headset');
});

test('without any microphone the person is told, until there is one', async () => {
  const { connection, deaf } = talk();
  machine.refuses = true;
  connection.sender.track.pull();
  await machine.plug();
  expect(deaf).toHaveBeenLastCalledWith('call', true);
  machine.refuses = false;
  await machine.plug('webcam');
  expect(deaf).toHaveBeenLastCalledWith('call', false);
  expect(connection.sender.track.readyState).toBe('live');
});
