// SPDX-License-Identifier: GPL-3.0-or-later
// The only place that asks the server. Paths, parameters, bodies and answers are typed by what almon itself says of its
// interfaces (generated/).
import type { Paths as AuthPaths } from './generated/auth';
import type { Paths as ConfdPaths } from './generated/confd';
import type { Paths as SessionPaths } from './generated/session';
import { ApiError, sentences_of } from './error';

type Method = 'get' | 'post' | 'put' | 'delete';
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

async function ask(base: string, method: Method, path: string, given: Loose = {}): Promise<Answer<unknown>> {
  const target = target_of(base, path, given);
  const cookies = base === kSession ? 'same-origin' : 'omit';
  let response = await send(method, target, given, cookies);
  const own_token = given.headers?.['Authorization'] === undefined && given.headers?.['X-Auth-Token'] === undefined;
  if (response.status === 401 && own_token && base !== kSession && (await credentials.renew())) response = await send(method, target, given, cookies);
  const text = await response.text();
  let data: unknown;
  try {
    data = text === '' ? undefined : JSON.parse(text);
  } catch {
    data = text;
  }
  if (!response.ok) throw new ApiError(response.status, sentences_of(data));
  return { data, etag: response.headers.get('ETag') };
}

function service<Service>(base: string) {
  const method =
    <M extends Method>(name: M) =>
    <P extends PathsWith<Service, M>>(path: P, ...rest: Rest<Operation<Service, M, P>>): Promise<Answer<AnswerOf<Operation<Service, M, P>>>> =>
      ask(base, name, path, rest[0] as Loose | undefined) as Promise<Answer<AnswerOf<Operation<Service, M, P>>>>;
  return { get: method('get'), post: method('post'), put: method('put'), delete: method('delete') };
}

const kSession = '/api/session/0.1';
export const auth = service<AuthPaths>('/api/auth/0.1');
export const confd = service<ConfdPaths>('/api/confd/1.1');
export const session = service<SessionPaths>(kSession);

/// A resource whose kind is known at run time alone: `collection` is a path of confd's document.
export const resources = {
  list: (collection: string, query: Record<string, unknown>, signal?: AbortSignal) =>
    ask('/api/confd/1.1', 'get', collection, { query, signal }) as Promise<Answer<{ total: number; items: Array<Record<string, unknown>> }>>,
  get: (collection: string, id: string | number, signal?: AbortSignal) =>
    ask('/api/confd/1.1', 'get', `${collection}/{id}`, { path: { id }, signal }) as Promise<Answer<Record<string, unknown>>>,
  create: (collection: string, body: unknown) =>
    ask('/api/confd/1.1', 'post', collection, { body }) as Promise<Answer<Record<string, unknown>>>,
  update: (collection: string, id: string | number, body: unknown, etag: string | null) =>
    ask('/api/confd/1.1', 'put', `${collection}/{id}`, { path: { id }, body, ...(etag ? { headers: { 'If-Match': etag } } : {}) }),
  erase: (collection: string, id: string | number) => ask('/api/confd/1.1', 'delete', `${collection}/{id}`, { path: { id } }),
};
