// SPDX-License-Identifier: GPL-3.0-or-later
import type { LoggedCall } from '@/api/client';
import type { CallMemory, ParkedCall, PastCall } from './phone';

/// Past calls of a person, kept in this browser alone: signing in as somebody else shows none of them.
export function call_memory(user_uuid: string): CallMemory {
  const past_name = `almon.calls.${user_uuid}`;
  const parked_name = `almon.parked.${user_uuid}`;
  return {
    load: () => read(() => localStorage, past_name).filter((call): call is PastCall & Record<string, unknown> => typeof call['at'] === 'number' && typeof call['number'] === 'string'),
    keep: (past) => write(() => localStorage, past_name, past),
    park: (calls) => write(() => sessionStorage, parked_name, calls),
    take_parked() {
      const parked = read(() => sessionStorage, parked_name).filter(
        (call): call is ParkedCall & Record<string, unknown> => typeof call['at'] === 'number' && ['call_id', 'local_tag', 'remote_tag', 'number', 'name'].every((member) => typeof call[member] === 'string'),
      );
      write(() => sessionStorage, parked_name, []);
      return parked;
    },
  };
}

/// A logged call as its party sees it.
export function past_call_of(call: LoggedCall, user_uuid: string | null): PastCall {
  const out = call.source_user_uuid === user_uuid;
  const [name, number] = out ? [call.destination_name, call.destination_extension] : [call.source_name, call.source_extension];
  return { id: String(call.id), direction: out ? 'out' : 'in', number: number ?? '', name: name ?? '', at: Date.parse(call.end), answered: call.answer !== null };
}

/// A list that was kept; what cannot be read is none.
function read(storage: () => Storage, name: string): Array<Record<string, unknown>> {
  try {
    const kept: unknown = JSON.parse(storage().getItem(name) ?? '[]');
    return Array.isArray(kept) ? kept.filter((entry): entry is Record<string, unknown> => typeof entry === 'object' && entry !== null) : [];
  } catch {
    return [];
  }
}

function write(storage: () => Storage, name: string, list: readonly unknown[]): void {
  try {
    if (list.length === 0) storage().removeItem(name);
    else storage().setItem(name, JSON.stringify(list));
  } catch {
    // Storage is switched off: then it is forgotten with the page.
  }
}
