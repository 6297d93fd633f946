// SPDX-License-Identifier: GPL-3.0-or-later
// Between a resource as the server shows it and the fields of a form, by what the server's document says of each member.
import type { FieldErrors, Resolver } from 'react-hook-form';
import type { Field, Shape } from '@/api/shape';

/// What stands in the fields: texts and numbers as they are typed.
export type Values = Record<string, unknown>;

export function shown_value(field: Field, value: unknown): unknown {
  if (field.type === 'boolean') return value ?? field.default ?? false;
  if (field.type === 'array') return value ?? field.default ?? [];
  // A destination that must be said goes nowhere at first.
  if (field.type === 'object') return value ?? field.default ?? (field.required && field.properties?.['type'] ? { type: 'none' } : null);
  const shown = value === undefined ? field.default : value;
  return shown === null || shown === undefined ? '' : String(shown);
}

/// Of a resource, or of one that is to be made.
export function values_of(shape: Shape, names: readonly string[], resource: Record<string, unknown> | null): Values {
  const values: Values = {};
  for (const name of names) {
    const field = shape[name];
    if (field) values[name] = shown_value(field, resource?.[name]);
  }
  return values;
}

export function sent_value(field: Field, value: unknown): unknown {
  if (field.type === 'boolean' || field.type === 'array' || field.type === 'object') return value;
  const text = String(value ?? '').trim();
  if (text === '') return null;
  return field.type === 'integer' || field.type === 'number' ? Number(text) : text;
}

/// The members to be sent: those that were changed, or for a new resource those that say something.
export function body_of(shape: Shape, values: Values, before: Values | null): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const field = shape[name];
    if (!field || field.readOnly) continue;
    const sent = sent_value(field, value);
    if (before === null ? sent === null : JSON.stringify(value) === JSON.stringify(before[name])) continue;
    body[name] = sent;
  }
  return body;
}

/// What is wrong with a value, as a key of the translations with its parameters.
export type Complaint =
  | { key: 'form.required' | 'form.wholeNumber' }
  | { key: 'form.tooShort' | 'form.tooLong' | 'form.tooSmall' | 'form.tooLarge'; limit: number };

export function complaint_about(field: Field, value: unknown): Complaint | null {
  if (field.type === 'boolean' || field.type === 'array' || field.type === 'object') return null;
  const text = String(value ?? '').trim();
  if (text === '') return field.required ? { key: 'form.required' } : null;
  if (field.type === 'integer' || field.type === 'number') {
    const number = Number(text);
    if (!Number.isFinite(number) || (field.type === 'integer' && !Number.isInteger(number))) return { key: 'form.wholeNumber' };
    if (field.minimum !== undefined && number < field.minimum) return { key: 'form.tooSmall', limit: field.minimum };
    if (field.maximum !== undefined && number > field.maximum) return { key: 'form.tooLarge', limit: field.maximum };
    return null;
  }
  const length = [...text].length;
  if (field.minLength !== undefined && length < field.minLength) return { key: 'form.tooShort', limit: field.minLength };
  if (field.maxLength !== undefined && length > field.maxLength) return { key: 'form.tooLong', limit: field.maxLength };
  return null;
}

/// What is wrong, by the names of members. What `shape` does not know is none of its business.
/// @param exists of what exists a password is not shown, and stays as it is where nothing is typed.
export function complaints_of(shape: Shape, values: Values, exists: boolean, word: (complaint: Complaint) => string): Record<string, { type: string; message: string }> {
  const errors: Record<string, { type: string; message: string }> = {};
  for (const [name, value] of Object.entries(values)) {
    const field = shape[name];
    const complaint = field && !(exists && field.secret && value === '') ? complaint_about(field, value) : null;
    if (complaint) errors[name] = { type: complaint.key, message: word(complaint) };
  }
  return errors;
}

/// For react-hook-form.
export function resolver_of(shape: Shape, exists: boolean, word: (complaint: Complaint) => string): Resolver<Values> {
  return (values) => {
    const errors = complaints_of(shape, values, exists, word);
    return Object.keys(errors).length > 0 ? { values: {}, errors: errors as FieldErrors<Values> } : { values, errors: {} };
  };
}
