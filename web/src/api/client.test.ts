// SPDX-License-Identifier: GPL-3.0-or-later
import { afterEach, describe, expect, test, vi } from 'vitest';
import { calls_since, confd, resources, use_credentials } from './client';
import { ApiError, errors_by_field, sentences_of } from './error';

interface Sent {
  target: string;
  init: RequestInit & { headers: Record<string, string> };
}

/// Answers one after the other, and what was asked.
function answers(...given: Array<[status: number, body?: unknown, headers?: Record<string, string>] | Error>): Sent[] {
  const sent: Sent[] = [];
  vi.stubGlobal('fetch', (target: string, init: Sent['init']) => {
    sent.push({ target, init: { ...init, headers: { ...init.headers } } });
    const next = given.shift();
    if (next === undefined || next instanceof Error) return Promise.reject(next ?? new Error('nothing more'));
    const [status, body, headers] = next;
    return Promise.resolve(new Response(body === undefined ? null : JSON.stringify(body), { status, headers }));
  });
  return sent;
}
afterEach(() => vi.unstubAllGlobals());

describe('the client', () => {
  test('fills in paths and queries, whatever is in them', async () => {
    const sent = answers([200, { total: 0, items: [] }], [200, {}]);
    await resources.list('/users', { search: 'a&b=c', order: 'name', offset: 0, direction: undefined });
    await resources.get('/users', '../admin?x');
    expect(sent.map(({ target }) => target)).toEqual([
      '/api/confd/1.1/users?search=a%26b%3Dc&order=name&offset=0',
      '/api/confd/1.1/users/..%2Fadmin%3Fx',
    ]);
  });
  test('sends the token, and once more with another one when it has ended', async () => {
    let token = 'old';
    use_credentials({ token: () => token, renew: () => Promise.resolve(Boolean((token = 'new'))) });
    const sent = answers([401, ['no']], [200, { id: 4 }, { ETag: '"7"' }]);
    const answer = await confd.get('/users/{user_id}', { path: { user_id: '4' } });
    expect(sent.map(({ init }) => init.headers['X-Auth-Token'])).toEqual(['old', 'new']);
    expect(answer).toEqual({ data: { id: 4 }, etag: '"7"' });
  });
  test('gives up where the session has ended as well', async () => {
    use_credentials({ token: () => 'old', renew: () => Promise.resolve(false) });
    const sent = answers([401, ['Unauthorized']]);
    await expect(resources.get('/users', 4)).rejects.toMatchObject({ status: 401, sentences: ['Unauthorized'] });
    expect(sent).toHaveLength(1);
  });
  test('sends back the ETag of what it changes', async () => {
    const sent = answers([412, ['It was changed']]);
    await expect(resources.update('/lines', 4, { position: 2 }, '"7"')).rejects.toMatchObject({ status: 412 });
    expect(sent[0]?.init.headers['If-Match']).toBe('"7"');
    expect(sent[0]?.init.body).toBe('{"position":2}');
  });
  test('follows pages of calls to their end, and no further than it counts', async () => {
    const from = new Date(Date.UTC(2026, 10, 29));
    const page = (id: number, more: string | null) => [200, { items: Array(1000).fill({ id }), more }] as [number, unknown];
    const sent = answers(page(1, 'a&b'), page(2, null));
    expect(await calls_since(from)).toMatchObject({ complete: true, calls: { length: 2000 } });
    expect(sent.map(({ target }) => target)).toEqual([
      '/api/call-logd/1.0/cdr?direction=desc&from=2026-11-29T00%3A00%3A00.000Z&limit=1000',
      '/api/call-logd/1.0/cdr?direction=desc&from=2026-11-29T00%3A00%3A00.000Z&limit=1000&after=a%26b',
    ]);
    answers(...[1, 2, 3, 4, 5, 6].map((id) => page(id, 'more')));
    expect(await calls_since(from)).toMatchObject({ complete: false, calls: { length: 5000 } });
  });
  test('says that nobody answers', async () => {
    answers(new TypeError('Failed to fetch'));
    const error = await resources.get('/users', 4).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).unreachable).toBe(true);
  });
});

describe('refusals of the server', () => {
  test('in the manner of each service', () => {
    expect(sentences_of(['a', 'b', 4])).toEqual(['a', 'b']);
    expect(sentences_of({ reason: ['no'], status_code: 401 })).toEqual(['no']);
    expect(sentences_of({ message: 'to is no user', error_id: 'invalid-to', details: {}, timestamp: 4 })).toEqual(['to is no user']);
    for (const other of [undefined, null, '', 4, {}, { reason: 'x' }]) expect(sentences_of(other)).toEqual([]);
    expect(sentences_of('<html>bad gateway')).toEqual(['<html>bad gateway']);
  });
  test('have a name where the service has one', () => {
    expect(ApiError.of(400, { message: 'to is no user', error_id: 'invalid-to' })).toMatchObject({ status: 400, sentences: ['to is no user'], reason: 'invalid-to' });
    for (const other of [null, 'no', ['no'], { error_id: 4 }]) expect(ApiError.of(400, other).reason).toBeNull();
  });
  test('belong to the fields that they name', () => {
    const error = new ApiError(400, ["Input error - 'email' must be an address", "Input error - 'x' is unknown", 'Resource Error']);
    expect(errors_by_field(error, ['email'])).toEqual({
      fields: [{ field: 'email', reason: 'must be an address' }],
      rest: ["Input error - 'x' is unknown", 'Resource Error'],
    });
  });
});
