// SPDX-License-Identifier: GPL-3.0-or-later
// The calls that are up, out of the events that tell of them.
import type { Event } from '@/api/events';

/// One party's side of a call, as the event service tells of it.
export interface Leg {
  call_id: string;
  user_uuid: string | null;
  status: 'Ring' | 'Ringing' | 'Up' | 'Down';
  caller_id_name: string;
  caller_id_number: string;
  creation_time: string;
  /// Users by the ids of their legs.
  talking_to: Record<string, string | null>;
}

export interface Calls {
  up: ReadonlyMap<string, Leg>;
  /// The last ones that have ended, the newest first.
  ended: ReadonlyArray<Leg & { ended: number; talked: boolean }>;
}

export const kCallEvents = ['call_created', 'call_updated', 'call_ended'] as const;
export const kNoCalls: Calls = { up: new Map(), ended: [] };
const kRemembered = 30;

export function leg_of(data: Record<string, unknown>): Leg {
  return {
    call_id: String(data['call_id']),
    user_uuid: (data['user_uuid'] as string | null | undefined) ?? null,
    status: data['status'] as Leg['status'],
    caller_id_name: String(data['caller_id_name'] ?? ''),
    caller_id_number: String(data['caller_id_number'] ?? ''),
    creation_time: String(data['creation_time'] ?? ''),
    talking_to: (data['talking_to'] as Leg['talking_to'] | undefined) ?? {},
  };
}

export function with_event(calls: Calls, { name, data }: Event, now: number): Calls {
  const leg = leg_of(data);
  const up = new Map(calls.up);
  if (name !== 'call_ended') {
    up.set(leg.call_id, leg);
    return { ...calls, up };
  }
  const before = up.get(leg.call_id);
  up.delete(leg.call_id);
  const ended = { ...leg, talking_to: before?.talking_to ?? {}, ended: now, talked: before?.status === 'Up' };
  return { up, ended: [ended, ...calls.ended].slice(0, kRemembered) };
}

/// With those that were there before anything was heard; what was heard meanwhile is newer than the list.
/// @param heard legs that events told of since the list was asked for.
export function with_listing(calls: Calls, listed: readonly Leg[], heard: ReadonlySet<string>): Calls {
  const up = new Map(listed.filter(({ call_id }) => !heard.has(call_id)).map((leg) => [leg.call_id, leg]));
  for (const [id, leg] of calls.up) if (heard.has(id)) up.set(id, leg);
  return { ...calls, up };
}

/// Legs that talk with each other are one conversation; one that rings or is rung is one for itself. The longest first.
export function conversations(up: ReadonlyMap<string, Leg>): Leg[][] {
  const seen = new Set<string>();
  const all: Leg[][] = [];
  for (const leg of up.values()) {
    if (seen.has(leg.call_id)) continue;
    const group: Leg[] = [];
    const found = [leg.call_id];
    for (let id = found.pop(); id !== undefined; id = found.pop()) {
      const member = up.get(id);
      if (!member || seen.has(id)) continue;
      seen.add(id);
      group.push(member);
      found.push(...Object.keys(member.talking_to));
    }
    all.push(group.sort((a, b) => a.creation_time.localeCompare(b.creation_time)));
  }
  return all.sort((a, b) => a[0]!.creation_time.localeCompare(b[0]!.creation_time));
}
