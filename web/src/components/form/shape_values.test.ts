// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import type { Shape } from '@/api/shape';
import { body_of, complaint_about, resolver_of, values_of } from './shape_values';

const shape: Shape = {
  id: { type: 'integer', readOnly: true },
  firstname: { type: 'string', required: true, minLength: 1, maxLength: 4 },
  email: { type: 'string', nullable: true, maxLength: 254 },
  ring_seconds: { type: 'integer', minimum: 0, maximum: 60, default: 30 },
  enabled: { type: 'boolean', default: true },
  ranges: { type: 'array' },
};
const names = Object.keys(shape);

describe('values of a form', () => {
  test('come from the resource, or from what a new one begins with', () => {
    expect(values_of(shape, names, { id: 4, firstname: 'Ann', email: null, ring_seconds: 0, enabled: false, ranges: [1] })).toEqual({
      id: '4', firstname: 'Ann', email: '', ring_seconds: '0', enabled: false, ranges: [1],
    });
    expect(values_of(shape, names, null)).toEqual({ id: '', firstname: '', email: '', ring_seconds: '30', enabled: true, ranges: [] });
  });
  test('only what was changed is sent, in the types of the server', () => {
    const before = values_of(shape, names, { id: 4, firstname: 'Ann', email: 'a@b.c', ring_seconds: 5, enabled: true, ranges: [] });
    expect(body_of(shape, before, before)).toEqual({});
    expect(body_of(shape, { ...before, id: '9', email: ' ', ring_seconds: '07', enabled: false, ranges: [2] }, before)).toEqual({
      email: null, ring_seconds: 7, enabled: false, ranges: [2],
    });
    expect(body_of(shape, { firstname: ' Bo ', email: '' }, null)).toEqual({ firstname: 'Bo' });
  });
});

describe('what is wrong is said before it is sent', () => {
  test.each([
    ['firstname', '', { key: 'form.required' }],
    ['firstname', 'Annette', { key: 'form.tooLong', limit: 4 }],
    ['firstname', '😀😀😀😀', null],
    ['email', '', null],
    ['ring_seconds', '1.5', { key: 'form.wholeNumber' }],
    ['ring_seconds', 'soon', { key: 'form.wholeNumber' }],
    ['ring_seconds', '-1', { key: 'form.tooSmall', limit: 0 }],
    ['ring_seconds', '61', { key: 'form.tooLarge', limit: 60 }],
  ])('%s = %j', (name, value, complaint) => {
    expect(complaint_about(shape[name]!, value)).toEqual(complaint);
  });
  test('in the words of the form, beside the field', async () => {
    const resolve = resolver_of(shape, false, ({ key }) => key);
    expect(await resolve({ firstname: '', other: '' }, undefined, {} as never)).toEqual({
      values: {}, errors: { firstname: { type: 'form.required', message: 'form.required' } },
    });
    expect((await resolve({ firstname: 'Ann' }, undefined, {} as never)).errors).toEqual({});
  });
});
