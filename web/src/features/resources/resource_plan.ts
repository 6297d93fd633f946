// SPDX-License-Identifier: GPL-3.0-or-later
// What makes or changes a resource with its numbers, with what it is joined with and what belongs to it, as one change.
import { kChoosable } from '@/components/form/choices';
import type { Member } from '@/components/form/ManyField';
import type { Joined, Kind, Part } from './kinds';

export interface Operation {
  method: 'POST' | 'PUT' | 'DELETE';
  path: string;
  body?: unknown;
}

/// By which it is called; `id` is the extension's, null: it has none.
export interface NumberOf {
  id: number | null;
  exten: string;
  context: string;
}

/// A number that is dialled to get out, and what becomes of it.
export type Dialled = { id?: number; exten?: string; context?: string } & Record<string, unknown>;

/// @param context where it has no number yet.
export function number_of(resource: Record<string, unknown> | null, context: string): NumberOf {
  const [first] = (resource?.['extensions'] as Array<{ id: number; exten: string; context: string }> | undefined) ?? [];
  return first ? { id: first.id, exten: first.exten, context: first.context } : { id: null, exten: '', context };
}

/// What a resource shows at "interceptors.users".
export function shown_at(resource: Record<string, unknown> | null, place: string): Member[] {
  let found: unknown = resource ?? {};
  for (const name of place.split('.')) {
    const holders = (Array.isArray(found) ? found : [found]) as Array<Record<string, unknown> | null>;
    found = holders.flatMap((holder) => (holder?.[name] as Member[] | undefined) ?? []);
  }
  return found as Member[];
}

/// How a change of one of these stands; as it was where both are the same.
export interface Change<T> {
  before: T;
  after: T;
}
export interface Wanted {
  /// Null: it is to be made.
  id: string | null;
  /// Members that were changed.
  body: Record<string, unknown>;
  number: Change<NumberOf>;
  dialled?: Change<Dialled[]>;
  joined?: Array<Change<Member[]> & { joined: Joined }>;
  /// Null: there is none. After: the members that were changed.
  parts?: Array<{ part: Part; before: { id: number } | null; after: Record<string, unknown> | null }>;
}

const said = (value: unknown) => JSON.stringify(value);

function plan_number(operations: Operation[], path: string, { before, after }: Change<NumberOf>): void {
  if (after.exten === before.exten && (after.exten === '' || after.context === before.context)) return;
  const body = { exten: after.exten, context: after.context };
  if (before.id !== null && after.exten !== '') {
    operations.push({ method: 'PUT', path: `/extensions/${before.id}`, body });
  } else if (before.id !== null) {
    operations.push({ method: 'DELETE', path: `${path}/extensions/${before.id}` }, { method: 'DELETE', path: `/extensions/${before.id}` });
  } else {
    operations.push({ method: 'POST', path: '/extensions', body });
    operations.push({ method: 'PUT', path: `${path}/extensions/\${${operations.length - 1}.id}` });
  }
}

function plan_dialled(operations: Operation[], path: string, { before, after }: Change<Dialled[]>): void {
  const kept = new Set(after.map(({ id }) => id));
  for (const { id } of before)
    if (!kept.has(id)) operations.push({ method: 'DELETE', path: `${path}/extensions/${id}` }, { method: 'DELETE', path: `/extensions/${id}` });
  for (const { id, exten, context, ...body } of after) {
    const old = before.find((candidate) => candidate.id === id);
    const number = { exten, context };
    if (id === undefined || !old) {
      operations.push({ method: 'POST', path: '/extensions', body: number });
      operations.push({ method: 'PUT', path: `${path}/extensions/\${${operations.length - 1}.id}`, body });
      continue;
    }
    const { id: unused, exten: old_exten, context: old_context, ...old_body } = old;
    if (said(number) !== said({ exten: old_exten, context: old_context })) operations.push({ method: 'PUT', path: `/extensions/${id}`, body: number });
    if (said(body) !== said(old_body)) operations.push({ method: 'PUT', path: `${path}/extensions/${id}`, body });
  }
}

export function plan_joined(operations: Operation[], path: string, own: string, { joined, before, after }: Change<Member[]> & { joined: Joined }): void {
  const { id: name } = kChoosable[joined.kind];
  const keys = (members: Member[]) => members.map((member) => String(member[name]));
  const [old, now] = [keys(before), keys(after)];
  if (said(old) === said(now)) return;
  if (joined.at !== undefined) {
    operations.push({ method: 'PUT', path: `${path}/${joined.at}`, body: { [joined.body ?? joined.kind]: after.map((member) => ({ [name]: member[name] })) } });
    return;
  }
  for (const key of old) if (!now.includes(key) && joined.leave) operations.push(joined.leave(own, key));
  for (const key of now) if (!old.includes(key) && joined.join) operations.push(joined.join(own, key));
}

/// What has to be done so that the resource is as the form says; nothing where nothing was changed.
export function plan_of({ collection }: Pick<Kind, 'collection'>, { id, body, number, dialled, joined = [], parts = [] }: Wanted, id_name = 'id'): Operation[] {
  const operations: Operation[] = [];
  const own = id ?? `\${0.${id_name}}`;
  const path = `${collection}/${own}`;
  if (id === null) operations.push({ method: 'POST', path: collection, body });
  else if (Object.keys(body).length > 0) operations.push({ method: 'PUT', path, body });
  for (const { part, before, after } of parts) {
    if (before === null && after !== null) {
      operations.push({ method: 'POST', path: part.collection, body: after });
      operations.push({ method: 'PUT', path: `${path}/${part.at}/\${${operations.length - 1}.id}` });
    } else if (before !== null && after === null) {
      operations.push({ method: 'DELETE', path: `${path}/${part.at}/${before.id}` }, { method: 'DELETE', path: `${part.collection}/${before.id}` });
    } else if (before !== null && Object.keys(after ?? {}).length > 0) {
      operations.push({ method: 'PUT', path: `${part.collection}/${before.id}`, body: after });
    }
  }
  plan_number(operations, path, number);
  if (dialled) plan_dialled(operations, path, dialled);
  for (const one of joined) plan_joined(operations, path, own, one);
  return operations;
}

/// A resource with the numbers by which it alone was reached and what belongs to it alone. What names another thing goes
/// before it: taken back, each then finds what it names.
export function erasure_of({ collection, parts = [] }: Pick<Kind, 'collection' | 'parts'>, id: string, resource: Record<string, unknown>, with_numbers: boolean): Operation[] {
  const path = `${collection}/${id}`;
  const own: Operation[] = [];
  const after: Operation[] = [];
  for (const extension of with_numbers ? shown_at(resource, 'extensions') : []) {
    own.push({ method: 'DELETE', path: `${path}/extensions/${String(extension['id'])}` });
    after.push({ method: 'DELETE', path: `/extensions/${String(extension['id'])}` });
  }
  for (const part of parts) {
    const held = (resource[part.name] as { id?: number } | null | undefined)?.id;
    if (held === undefined) continue;
    own.push({ method: 'DELETE', path: `${path}/${part.at}/${held}` });
    after.push({ method: 'DELETE', path: `${part.collection}/${held}` });
  }
  return [...own, { method: 'DELETE', path }, ...after];
}
