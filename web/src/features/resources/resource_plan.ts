// SPDX-License-Identifier: GPL-3.0-or-later
// What makes or changes a resource with its number and its members, as one change.
import type { Kind } from './kinds';
import type { Member } from './MembersField';

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

/// @param context where it has no number yet.
export function number_of(resource: Record<string, unknown> | null, context: string): NumberOf {
  const [first] = (resource?.['extensions'] as Array<{ id: number; exten: string; context: string }> | undefined) ?? [];
  return first ? { id: first.id, exten: first.exten, context: first.context } : { id: null, exten: '', context };
}

/// @param id null: it is to be made. @param members null: they stay as they are.
export function plan_of(kind: Pick<Kind, 'collection'>, id: string | null, body: Record<string, unknown>, before: NumberOf, number: NumberOf, members: Member[] | null): Operation[] {
  const operations: Operation[] = [];
  const path = `${kind.collection}/${id ?? '${0.id}'}`;
  if (id === null) operations.push({ method: 'POST', path: kind.collection, body });
  else if (Object.keys(body).length > 0) operations.push({ method: 'PUT', path, body });
  if (number.exten !== before.exten || (number.exten !== '' && number.context !== before.context)) {
    if (before.id !== null && number.exten !== '') {
      operations.push({ method: 'PUT', path: `/extensions/${before.id}`, body: { exten: number.exten, context: number.context } });
    } else if (before.id !== null) {
      operations.push({ method: 'DELETE', path: `${path}/extensions/${before.id}` }, { method: 'DELETE', path: `/extensions/${before.id}` });
    } else {
      operations.push({ method: 'POST', path: '/extensions', body: { exten: number.exten, context: number.context } });
      operations.push({ method: 'PUT', path: `${path}/extensions/\${${operations.length - 1}.id}` });
    }
  }
  if (members !== null) operations.push({ method: 'PUT', path: `${path}/members/users`, body: { users: members.map(({ uuid }) => ({ uuid })) } });
  return operations;
}
