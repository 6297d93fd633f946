// SPDX-License-Identifier: GPL-3.0-or-later
// A person's telephone: SIP over the WebSocket of this very server, audio by WebRTC. Knows nothing of what it looks like.
import JsSIP from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession';
import type { RTCSessionEvent } from 'jssip/lib/UA';
import { CallAudio } from './call_audio';
import { devices } from './devices';
import { Ringer } from './ringer';

/// Why a call came to nothing, or ended otherwise than by hanging up; words for it are in the translations.
export type Failure =
  | 'busy'
  | 'declined'
  | 'noAnswer'
  | 'unknownNumber'
  | 'unavailable'
  | 'forbidden'
  | 'microphoneRefused'
  | 'microphoneMissing'
  | 'noMedia'
  | 'connectionLost'
  | 'other';

export interface Call {
  id: string;
  direction: 'in' | 'out';
  number: string;
  name: string;
  /// `ringing`: the other side's phone (out) or ours (in).
  phase: 'connecting' | 'ringing' | 'talking' | 'ended';
  /// When it was answered, as Date.now() says.
  answered: number | null;
  muted: boolean;
  held: boolean;
  held_by_other: boolean;
  /// There is no microphone any more: the other side hears nothing.
  deaf: boolean;
  /// What is on its way: asked of the other side and not confirmed yet.
  transfer: 'none' | 'asked' | 'failed';
  failure: Failure | null;
  digits: string;
}

export type Connection = 'off' | 'connecting' | 'registered' | 'refused' | 'lost';

export interface PhoneState {
  connection: Connection;
  calls: readonly Call[];
  /// The last ones that have ended, the newest first.
  past: readonly PastCall[];
}

export interface PastCall {
  id: string;
  direction: 'in' | 'out';
  number: string;
  name: string;
  /// When it ended.
  at: number;
  answered: boolean;
}

/// A call that goes on while the page is loaded anew, named as SIP does it.
export interface ParkedCall {
  call_id: string;
  local_tag: string;
  remote_tag: string;
  direction: 'in' | 'out';
  number: string;
  name: string;
  answered: number | null;
  held: boolean;
  /// When the page was left.
  at: number;
}

/// What outlives the page.
export interface CallMemory {
  load(): PastCall[];
  keep(past: readonly PastCall[]): void;
  /// Until this window takes them back.
  park(calls: readonly ParkedCall[]): void;
  take_parked(): ParkedCall[];
}

export interface SipAccount {
  username: string;
  secret: string;
  display_name: string;
}

const kPast = 50;
const kEndedShown = 4000;
/// The server has given up a call by then whose sound does not come any more.
const kParkedAtMost = 60_000;
const call_options = () => ({ mediaConstraints: { audio: devices.microphone(), video: false }, pcConfig: { iceServers: [] } });

function failure_of(cause: string | undefined, status: number | undefined): Failure | null {
  const { causes } = JsSIP.C;
  switch (status) {
    case 486:
    case 600:
      return 'busy';
    case 603:
      return 'declined';
    case 404:
    case 484:
    case 604:
      return 'unknownNumber';
    case 408:
    case 487:
      return cause === causes.CANCELED ? null : 'noAnswer';
    case 403:
      return 'forbidden';
    case 410:
    case 480:
    case 503:
      return 'unavailable';
    case 481:
      return 'connectionLost';
    case 488:
    case 606:
      return 'noMedia';
  }
  switch (cause) {
    case causes.BYE:
    case causes.CANCELED:
      return null;
    case causes.BUSY:
      return 'busy';
    case causes.REJECTED:
      return 'declined';
    case causes.NO_ANSWER:
    case causes.EXPIRES:
      return 'noAnswer';
    case causes.NOT_FOUND:
    case causes.ADDRESS_INCOMPLETE:
      return 'unknownNumber';
    case causes.UNAVAILABLE:
      return 'unavailable';
    case causes.USER_DENIED_MEDIA_ACCESS:
      return 'microphoneRefused';
    case causes.CONNECTION_ERROR:
    case causes.REQUEST_TIMEOUT:
    case causes.RTP_TIMEOUT:
      return 'connectionLost';
    case causes.WEBRTC_ERROR:
    case causes.BAD_MEDIA_DESCRIPTION:
    case causes.INCOMPATIBLE_SDP:
    case causes.MISSING_SDP:
      return 'noMedia';
    default:
      return 'other';
  }
}

export class Phone {
  private state: PhoneState;
  private readonly listeners = new Set<() => void>();
  private readonly sessions = new Map<string, RTCSession>();
  private readonly audio = new CallAudio(devices, (id, deaf) => this.change(id, { deaf }));
  private readonly ringer = new Ringer(devices);
  private agent: JsSIP.UA | null = null;
  private host = '';
  private resumed: ParkedCall | null = null;

  constructor(private readonly memory: CallMemory) {
    this.state = { connection: 'off', calls: [], past: memory.load() };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly snapshot = (): PhoneState => this.state;

  /// @param url of the WebSocket, whose host also is the domain of all addresses.
  start(account: SipAccount, url: string): void {
    this.stop();
    this.host = new URL(url).hostname;
    const agent = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(url)],
      uri: `sip:${account.username}@${this.host}`,
      password: account.secret,
      display_name: account.display_name,
      register: true,
      register_expires: 600,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 10,
      user_agent: 'Almon page',
    });
    this.agent = agent;
    agent.on('connecting', () => this.connection('connecting'));
    agent.on('registered', () => {
      this.connection('registered');
      this.resume();
    });
    agent.on('registrationFailed', (event) => this.connection(event.response ? 'refused' : 'lost'));
    agent.on('disconnected', () => this.connection(this.agent === agent ? 'lost' : 'off'));
    agent.on('newRTCSession', (event: RTCSessionEvent) => this.take(event));
    agent.start();
  }

  /// Hangs up and signs the telephone off.
  stop(): void {
    const agent = this.agent;
    this.agent = null;
    for (const session of this.sessions.values()) if (!session.isEnded()) session.terminate();
    agent?.stop();
    this.ringer.silence();
    this.update({ connection: 'off' });
  }

  /// The page is left, perhaps to be loaded anew: whoever talks goes on talking for a while.
  leave(): void {
    const parked = this.state.calls.flatMap(({ id, phase, direction, number, name, answered, held }): ParkedCall[] => {
      const dialog = (this.sessions.get(id) as unknown as { _dialog?: { id: { call_id: string; local_tag: string; remote_tag: string } } } | undefined)?._dialog;
      if (phase !== 'talking' || !dialog) return [];
      const { call_id, local_tag, remote_tag } = dialog.id;
      return [{ call_id, local_tag, remote_tag, direction, number, name, answered, held, at: Date.now() }];
    });
    this.memory.park(parked);
    if (parked.length === 0) this.stop();
  }

  /// Takes the place of the page before in its calls (RFC 3891).
  private resume(): void {
    for (const parked of this.memory.take_parked()) {
      const target = this.address_of(parked.number || '0');
      if (Date.now() - parked.at > kParkedAtMost || target === null) continue;
      const { call_id, local_tag, remote_tag } = parked;
      this.resumed = parked;
      this.agent?.call(target, { ...call_options(), extraHeaders: [`Replaces: ${call_id};to-tag=${remote_tag};from-tag=${local_tag}`] });
      this.resumed = null;
    }
  }

  /// Once something was clicked: browsers play nothing before.
  unlock(): void {
    this.ringer.unlock();
  }

  /// To hear whether the right device rings, or speaks.
  try_sound(role: 'speaker' | 'ring'): void {
    this.ringer.unlock();
    this.ringer.sample(role);
  }

  dial(number: string): void {
    const target = this.address_of(number);
    if (target === null || this.agent === null) return;
    this.hold_others('');
    this.agent.call(target, call_options());
  }

  answer(id: string): void {
    this.hold_others(id);
    this.sessions.get(id)?.answer(call_options());
  }

  /// Ends a call in whatever phase; an incoming one that rings is declined.
  hang_up(id: string): void {
    const session = this.sessions.get(id);
    if (!session || session.isEnded()) return;
    const call = this.find(id);
    if (call?.direction === 'in' && call.phase !== 'talking') session.terminate({ status_code: 486 });
    else session.terminate();
  }

  mute(id: string, muted: boolean): void {
    const session = this.sessions.get(id);
    if (muted) session?.mute({ audio: true });
    else session?.unmute({ audio: true });
  }

  hold(id: string, held: boolean): void {
    if (!held) this.hold_others(id);
    const session = this.sessions.get(id);
    if (held) session?.hold();
    else session?.unhold();
  }

  press(id: string, digit: string): void {
    this.sessions.get(id)?.sendDTMF(digit, { transportType: 'RFC2833' as never, duration: 120, interToneGap: 60 });
    const call = this.find(id);
    if (call) this.change(id, { digits: (call.digits + digit).slice(-32) });
  }

  /// Sends the other party on to a number; our part of the call ends when it has been taken over.
  transfer(id: string, number: string): void {
    const target = this.address_of(number);
    const session = this.sessions.get(id);
    if (session && target !== null) this.refer(id, session, target, {});
  }

  /// Joins the parties of two of our calls.
  join(id: string, other: string): void {
    const [session, replaced] = [this.sessions.get(id), this.sessions.get(other)];
    if (!session || !replaced) return;
    this.refer(id, session, replaced.remote_identity.uri.toString(), { replaces: replaced });
  }

  /// What people type, without what they write between digits; a "#" has to be escaped in a SIP URI (RFC 3261
  /// section 25.1). Null: nothing is left of it.
  private address_of(number: string): string | null {
    const user = number.replace(/[\s().-]/g, '');
    return user === '' ? null : `sip:${encodeURIComponent(user).replace(/%2B/g, '+')}@${this.host}`;
  }

  private refer(id: string, session: RTCSession, target: string, options: { replaces?: RTCSession }): void {
    this.change(id, { transfer: 'asked' });
    const failed = () => this.change(id, { transfer: 'failed' });
    session.refer(target, {
      ...options,
      eventHandlers: {
        accepted: () => {
          if (!session.isEnded()) session.terminate();
        },
        failed,
        requestFailed: failed,
      },
    } as never);
  }

  private hold_others(id: string): void {
    for (const call of this.state.calls)
      if (call.id !== id && call.phase === 'talking' && !call.held) this.sessions.get(call.id)?.hold();
  }

  private take({ session, originator, request }: RTCSessionEvent): void {
    const id = session.id;
    const incoming = originator === 'remote';
    const uri = incoming ? session.remote_identity.uri : (request as unknown as { ruri: { user: string } }).ruri;
    const resumed = this.resumed;
    const number = resumed?.number ?? decodeURIComponent(String(uri.user ?? ''));
    const name = resumed?.name ?? (incoming ? (session.remote_identity.display_name ?? '') : '');
    this.sessions.set(id, session);
    this.update({
      calls: [
        ...this.state.calls,
        {
          id, number, name,
          direction: resumed?.direction ?? (incoming ? 'in' : 'out'),
          phase: incoming ? 'ringing' : 'connecting',
          answered: resumed?.answered ?? null, muted: false, held: false, held_by_other: false, deaf: false, transfer: 'none', failure: null, digits: '',
        },
      ],
    });
    session.on('progress', (event: { originator: string; response?: { body?: string } }) => {
      if (event.originator !== 'remote') return;
      this.change(id, { phase: 'ringing' });
      // Where the server sends ringback itself, ours would disturb it.
      if (!event.response?.body) this.ringer.ringback();
    });
    session.on('accepted', () => this.answered(id));
    if (resumed?.held) session.on('confirmed', () => void session.hold());
    session.on('confirmed', () => this.answered(id));
    session.on('muted', () => this.change(id, { muted: true }));
    session.on('unmuted', () => this.change(id, { muted: false }));
    session.on('hold', (event: { originator: string }) => this.change(id, event.originator === 'local' ? { held: true } : { held_by_other: true }));
    session.on('unhold', (event: { originator: string }) => this.change(id, event.originator === 'local' ? { held: false } : { held_by_other: false }));
    session.on('ended', (event: { cause?: string }) => this.over(id, failure_of(event.cause, undefined)));
    session.on('failed', (event) => {
      // An incoming call that somebody gave up, or that was taken elsewhere, is no failure.
      const quiet = incoming && event.originator === 'remote';
      const declined = event.originator === 'local' && event.cause === JsSIP.C.causes.REJECTED;
      const { status_code } = (event.message as { status_code?: number } | null) ?? {};
      this.over(id, quiet || declined ? null : failure_of(event.cause, status_code));
    });
    session.on('getusermediafailed', (reason: unknown) => {
      const missing = (reason as { name?: string } | null)?.name === 'NotFoundError';
      if (missing) this.change(id, { failure: 'microphoneMissing' });
    });
    if (session.connection) this.audio.begin(id, session.connection);
    session.on('peerconnection', (event: { peerconnection: RTCPeerConnection }) => this.audio.begin(id, event.peerconnection));
    if (incoming) this.ringer.ring(this.state.calls.some((call) => call.phase === 'talking'));
  }

  private answered(id: string): void {
    const call = this.find(id);
    if (!call || call.phase === 'talking' || call.phase === 'ended') return;
    this.change(id, { phase: 'talking', answered: call.answered ?? Date.now() });
    this.quiet();
  }

  private over(id: string, failure: Failure | null): void {
    const call = this.find(id);
    this.sessions.delete(id);
    this.audio.end(id);
    if (!call) return;
    const past = { id, direction: call.direction, number: call.number, name: call.name, at: Date.now(), answered: call.answered !== null };
    this.update({ past: [past, ...this.state.past].slice(0, kPast) });
    this.memory.keep(this.state.past);
    this.change(id, { phase: 'ended', failure: call.failure ?? failure });
    this.quiet();
    setTimeout(() => this.update({ calls: this.state.calls.filter((other) => other.id !== id) }), failure || call.failure ? 2 * kEndedShown : 1000);
  }

  /// Rings on only where another call still does.
  private quiet(): void {
    const { calls } = this.state;
    if (!calls.some((call) => call.phase === 'ringing')) this.ringer.silence();
  }

  private connection(connection: Connection): void {
    this.update({ connection });
  }
  private find(id: string): Call | undefined {
    return this.state.calls.find((call) => call.id === id);
  }
  private change(id: string, part: Partial<Call>): void {
    this.update({ calls: this.state.calls.map((call) => (call.id === id ? { ...call, ...part } : call)) });
  }
  private update(part: Partial<PhoneState>): void {
    this.state = { ...this.state, ...part };
    for (const listener of this.listeners) listener();
  }
}
