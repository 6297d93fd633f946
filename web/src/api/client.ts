// SPDX-License-Identifier: GPL-3.0-or-later
// The only place that asks the server. Paths, parameters, bodies and answers are typed by what almon itself says of its
// interfaces (generated/).
import type { Paths as AuthPaths } from './generated/auth';
import type { Paths as ConfdPaths } from './generated/confd';
import type { Paths as SessionPaths } from './generated/session';
import { ApiError } from './error';

type Method = 'get' | 'head' | 'post' | 'put' | 'delete';
/// The paths of a service that know a method.
type PathsWith<Service, M extends Method> = { [P in keyof Service]: Service[P] extends Record<M, unknown> ? P : never }[keyof Service] & string;
type Operation<Service, M extends Method, P extends keyof Service> = Service[P] extends Record<M, infer O> ? O : never;
type AnswerOf<O> = O extends { answer: infer A } ? A : never;

export interface Extras {
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}
/// What an operation takes: the path's parameters where it has some, the body where it needs one.
type Arguments<O> = Pick<O, Extract<keyof O, 'path' | 'query' | 'body'>> & Extras;
type Rest<O> = Extras extends Arguments<O> ? [given?: Arguments<O>] : [given: Arguments<O>];

export interface Answer<T> {
  data: T;
  /// Of the resource as it was read: sent back as If-Match, it keeps two people from overwriting each other.
  etag: string | null;
}

interface Loose extends Extras {
  path?: Record<string, string | number>;
  query?: Record<string, unknown>;
  body?: unknown;
}

/// Who asks: set by the session.
export interface Credentials {
  token(): string | null;
  /// Called when the token is not valid any more; true: there is another one.
  renew(): Promise<boolean>;
}
let credentials: Credentials = { token: () => null, renew: () => Promise.resolve(false) };
/// For what asks in other ways than these here: WebSockets.
export const current_credentials = () => credentials;
export function use_credentials(given: Credentials): void {
  credentials = given;
}

function target_of(base: string, path: string, given: Loose): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(given.path?.[name] ?? '')));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given.query ?? {}))
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  return base + filled + (query.size > 0 ? `?${query}` : '');
}

/// @param cookies without them a browser asks no password by itself when xivo-auth refuses one.
async function send(method: Method, target: string, given: Loose, cookies: RequestCredentials): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', ...given.headers };
  const token = credentials.token();
  if (token !== null && headers['Authorization'] === undefined && headers['X-Auth-Token'] === undefined) headers['X-Auth-Token'] = token;
  const init: RequestInit = { method: method.toUpperCase(), headers, credentials: cookies, signal: given.signal ?? null };
  if (given.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(given.body);
  }
  try {
    return await fetch(target, init);
  } catch (reason) {
    if (given.signal?.aborted) throw reason;
    throw new ApiError(0, []);
  }
}

/// What was answered; once more with another token where the one at hand has ended.
async function answer_to(base: string, method: Method, path: string, given: Loose): Promise<Response> {
  const target = target_of(base, path, given);
  const cookies = base === kSession ? 'same-origin' : 'omit';
  const response = await send(method, target, given, cookies);
  const own_token = given.headers?.['Authorization'] === undefined && given.headers?.['X-Auth-Token'] === undefined;
  if (response.status === 401 && own_token && base !== kSession && (await credentials.renew())) return send(method, target, given, cookies);
  return response;
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

async function ask(base: string, method: Method, path: string, given: Loose = {}): Promise<Answer<unknown>> {
  const response = await answer_to(base, method, path, given);
  const data = parsed(await response.text());
  if (!response.ok) throw ApiError.of(response.status, data);
  return { data, etag: response.headers.get('ETag') };
}

/// A file as bytes.
async function fetch_bytes(path: string, accept: string, base = kConfd): Promise<Blob> {
  const response = await answer_to(base, 'get', path, { headers: { Accept: accept } });
  if (!response.ok) throw ApiError.of(response.status, parsed(await response.text()));
  return response.blob();
}

export interface Sending {
  /// From 0 to 1, while it goes.
  progress?: (part: number) => void;
  signal?: AbortSignal;
}

/// Bytes with their progress, which fetch() does not tell. What is answered comes back whatever its status is.
/// @param target with the service's base.
function send_bytes(method: 'POST' | 'PUT', target: string, type: string, body: Blob, { progress, signal }: Sending): Promise<{ status: number; data: unknown }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, target);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Content-Type', type);
    const token = credentials.token();
    if (token !== null) request.setRequestHeader('X-Auth-Token', token);
    request.upload.onprogress = ({ loaded, total }) => progress?.(total > 0 ? loaded / total : 0);
    request.onload = () => resolve({ status: request.status, data: parsed(request.responseText) });
    request.onerror = () => reject(new ApiError(0, []));
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'));
    signal?.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}

function service<Service>(base: string) {
  const method =
    <M extends Method>(name: M) =>
    <P extends PathsWith<Service, M>>(path: P, ...rest: Rest<Operation<Service, M, P>>): Promise<Answer<AnswerOf<Operation<Service, M, P>>>> =>
      ask(base, name, path, rest[0] as Loose | undefined) as Promise<Answer<AnswerOf<Operation<Service, M, P>>>>;
  return { get: method('get'), post: method('post'), put: method('put'), delete: method('delete') };
}

const kSession = '/api/session/0.1';
const kConfd = '/api/confd/1.1';
const kCtidNg = '/api/ctid-ng/1.0';
export const auth = service<AuthPaths>('/api/auth/0.1');
export const confd = service<ConfdPaths>(kConfd);
export const session = service<SessionPaths>(kSession);

/// A resource whose kind is known at run time alone: `collection` is a path of confd's document.
export const resources = {
  list: (collection: string, query: Record<string, unknown>, signal?: AbortSignal) =>
    ask(kConfd, 'get', collection, { query, signal }) as Promise<Answer<{ total: number; items: Array<Record<string, unknown>> }>>,
  get: (collection: string, id: string | number, signal?: AbortSignal) =>
    ask(kConfd, 'get', `${collection}/{id}`, { path: { id }, signal }) as Promise<Answer<Record<string, unknown>>>,
  create: (collection: string, body: unknown) =>
    ask(kConfd, 'post', collection, { body }) as Promise<Answer<Record<string, unknown>>>,
  update: (collection: string, id: string | number, body: unknown, etag: string | null) =>
    ask(kConfd, 'put', `${collection}/{id}`, { path: { id }, body, ...(etag ? { headers: { 'If-Match': etag } } : {}) }),
  erase: (collection: string, id: string | number) => ask(kConfd, 'delete', `${collection}/{id}`, { path: { id } }),
};

/// Settings of which there is one each.
export const singletons = {
  get: (path: string, signal?: AbortSignal) => ask(kConfd, 'get', path, { signal }) as Promise<Answer<Record<string, unknown>>>,
  update: (path: string, body: unknown, etag: string | null) => ask(kConfd, 'put', path, { body, ...(etag ? { headers: { 'If-Match': etag } } : {}) }),
};

/// Once more with another token where the one at hand has ended.
async function carry(...given: Parameters<typeof send_bytes>): ReturnType<typeof send_bytes> {
  const answer = await send_bytes(...given);
  return answer.status === 401 && (await credentials.renew()) ? send_bytes(...given) : answer;
}

async function put_bytes(target: string, type: string, body: Blob, sending: Sending): Promise<void> {
  const { status, data } = await carry('PUT', target, type, body, sending);
  if (status < 200 || status >= 300) throw ApiError.of(status, data);
}

/// Files of sounds and tables of users. Paths are taken as they are.
export const files = {
  get: (path: string, accept = 'application/octet-stream') => fetch_bytes(path, accept),
  put: (path: string, body: Blob, sending: Sending = {}) => put_bytes(kConfd + path, 'application/octet-stream', body, sending),
  erase: (path: string) => ask(kConfd, 'delete', path),
  /// A table as CSV; what is wrong with its rows is an answer as well.
  table: (method: 'POST' | 'PUT', path: string, body: Blob, sending: Sending = {}) => carry(method, kConfd + path, 'text/csv; charset=utf-8', body, sending),
};

/// What xivo-ctid-ng tells; nothing where that service, or what is asked about, is not there.
async function ask_ctid_ng(path: string, signal?: AbortSignal): Promise<unknown> {
  try {
    return (await ask(kCtidNg, 'get', path, { signal })).data;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/// The calls that are up.
export async function calls_now(signal?: AbortSignal): Promise<Array<Record<string, unknown>>> {
  return ((await ask_ctid_ng('/calls', signal)) as { items?: Array<Record<string, unknown>> } | undefined)?.items ?? [];
}

/// The state of a line, by the number that programs know; -1: not known.
export async function line_status(line_id: number): Promise<number> {
  return ((await ask_ctid_ng(`/lines/${line_id}/presences`)) as { presence?: number } | undefined)?.presence ?? -1;
}

/// What a user is for the others, by name; who has never said anything is disconnected.
export async function presence_of(user_uuid: string, signal?: AbortSignal): Promise<string> {
  return ((await ask_ctid_ng(`/users/${user_uuid}/presences`, signal)) as { presence?: string } | undefined)?.presence ?? 'disconnected';
}
export const own_presence = (signal?: AbortSignal) => presence_of('me', signal);

/// What the person who has signed in can be for the others.
export interface PresenceChoice {
  name: string;
  /// The administrator's word for it.
  label: string;
  /// "#FF032D"
  color: string;
  /// Names of those that can be chosen from it.
  reachable: string[];
}
export async function presence_choices(signal?: AbortSignal): Promise<PresenceChoice[]> {
  return ((await ask_ctid_ng('/users/me/presences/choices', signal)) as { items?: PresenceChoice[] } | undefined)?.items ?? [];
}
export const choose_presence = (presence: string) => ask(kCtidNg, 'put', '/users/me/presences', { body: { presence } });

/// What somebody has said to the voicemail of the person who has signed in.
export interface VoiceMessage {
  id: string;
  /// Null: withheld or unknown.
  caller_id_num: string | null;
  /// In whole seconds.
  duration: number;
  /// When it was left, in seconds since 1970.
  timestamp: number;
}
export interface VoiceFolder {
  id: number;
  /// `new`: nobody has heard them.
  type: 'new' | 'old' | 'urgent' | 'other';
  messages: VoiceMessage[];
}
/// What callers hear: when nobody answers; when the person talks; instead of both, for the time being.
export const kGreetings = ['unavailable', 'busy', 'temp'] as const;
export type Greeting = (typeof kGreetings)[number];

const kWav = 'audio/wav';
const kVoicemail = '/users/me/voicemails';
/// The voicemail of the person who has signed in; refused with 404 where he has none.
export const voicemail = {
  folders: async (signal?: AbortSignal) => ((await ask(kCtidNg, 'get', kVoicemail, { signal })).data as { folders: VoiceFolder[] }).folders,
  recording: (id: string) => fetch_bytes(`${kVoicemail}/messages/${encodeURIComponent(id)}/recording`, kWav, kCtidNg),
  move: (id: string, folder_id: number) => ask(kCtidNg, 'put', `${kVoicemail}/messages/{id}`, { path: { id }, body: { folder_id } }),
  erase: (id: string) => ask(kCtidNg, 'delete', `${kVoicemail}/messages/{id}`, { path: { id } }),
  /// Whether callers hear something else than the standard words.
  async has_greeting(greeting: Greeting, signal?: AbortSignal): Promise<boolean> {
    try {
      await ask(kCtidNg, 'head', `${kVoicemail}/greetings/{greeting}`, { path: { greeting }, signal });
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return false;
      throw error;
    }
  },
  greeting: (greeting: Greeting) => fetch_bytes(`${kVoicemail}/greetings/${greeting}`, kWav, kCtidNg),
  replace_greeting: (greeting: Greeting, sound: Blob) => put_bytes(`${kCtidNg}${kVoicemail}/greetings/${greeting}`, kWav, sound, {}),
  erase_greeting: (greeting: Greeting) => ask(kCtidNg, 'delete', `${kVoicemail}/greetings/{greeting}`, { path: { greeting } }),
};

/// What a user has written to another.
export interface ChatMessage {
  /// Greater than that of each message before.
  id: number;
  time: string;
  /// Uuids of users.
  from: string;
  to: string;
  /// How who wrote it is called.
  alias: string;
  msg: string;
}
/// What the person who has signed in has with another one.
export interface Conversation {
  user_uuid: string;
  name: string;
  unread: number;
  last: ChatMessage;
}
export interface ChatPage {
  /// Of the other.
  name: string;
  /// The oldest first.
  items: ChatMessage[];
  /// There are older ones.
  more: boolean;
}

const kChats = '/users/me/chats';
/// How long a message may be on its way until that counts as not sent.
const kPatience = 15_000;
export const chats = {
  conversations: async (signal?: AbortSignal) => ((await ask(kCtidNg, 'get', kChats, { signal })).data as { items: Conversation[] }).items,
  /// @param before the id of a message: those before it; nothing: the newest.
  messages: async (with_uuid: string, before: number | undefined, signal?: AbortSignal) =>
    (await ask(kCtidNg, 'get', `${kChats}/{with_uuid}`, { path: { with_uuid }, query: { before }, signal })).data as ChatPage,
  async send(to: string, alias: string, msg: string): Promise<void> {
    const signal = AbortSignal.timeout(kPatience);
    try {
      await ask(kCtidNg, 'post', kChats, { body: { to, alias, msg }, signal });
    } catch (error) {
      throw signal.aborted ? new ApiError(0, []) : error;
    }
  },
  read: (with_uuid: string, last: number) => ask(kCtidNg, 'put', `${kChats}/{with_uuid}/read`, { path: { with_uuid }, body: { last } }),
};

/// A call of the past, as xivo-call-logd tells of it.
export interface LoggedCall {
  id: number;
  start: string;
  /// Null: nobody answered.
  answer: string | null;
  end: string;
  /// Seconds.
  duration: number;
  source_name: string | null;
  source_extension: string | null;
  source_user_uuid: string | null;
  destination_name: string | null;
  destination_extension: string | null;
  destination_user_uuid: string | null;
  /// By which the call tells why it went where it went.
  linked_id: string;
}

export interface LoggedCalls {
  items: LoggedCall[];
  /// Names the next page; null: there is none.
  more: string | null;
}

const kLongestPage = 1000;
/// Of how many calls a view counts at most: who has more of them asks the call logs.
export const kMostCounted = 5000;
/// Calls that began then or later, the newest first.
export async function calls_since(from: Date, signal?: AbortSignal): Promise<{ calls: LoggedCall[]; complete: boolean }> {
  const calls: LoggedCall[] = [];
  for (let after = ''; ; ) {
    const { items, more } = await logged_calls(false, { from: from.toISOString(), limit: kLongestPage, after }, signal);
    calls.push(...items);
    if (more === null || calls.length >= kMostCounted) return { calls, complete: more === null };
    after = more;
  }
}

/// Of an administrator: what does not work, part by part; empty: all does.
export const health = async (signal?: AbortSignal) => (await confd.get('/health', { signal })).data.failing ?? [];

/// Our account at another system.
export interface TrunkRegistration {
  account: string;
  state: 'trying' | 'registered' | 'refused' | 'unreachable';
  /// What the other said, where it is not registered.
  reason: string;
  /// Since when it works, or does not; null: that is not known yet.
  since: string | null;
}
export interface TrunkState {
  trunk_id: number;
  name: string;
  /// Null: none is registered.
  registration: TrunkRegistration | null;
  /// Whether it answers; null: it is not asked.
  monitoring: { reachable: boolean; since: string | null } | null;
}
export const trunk_states = async (signal?: AbortSignal) => (await confd.get('/trunks/states', { signal })).data.items as TrunkState[];

/// Calls of the past, the newest first. @param mine those of who asks alone.
export async function logged_calls(mine: boolean, query: Record<string, unknown>, signal?: AbortSignal): Promise<LoggedCalls> {
  return (await ask('/api/call-logd/1.0', 'get', mine ? '/users/me/cdr' : '/cdr', { query: { direction: 'desc', ...query }, signal })).data as LoggedCalls;
}
