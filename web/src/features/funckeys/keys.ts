// SPDX-License-Identifier: GPL-3.0-or-later
import type { ChoosableKind } from '@/components/form/choices';

/// What a key of a telephone does, as the server shows it.
export interface Key {
  label?: string | null;
  blf?: boolean;
  destination: { type: string } & Record<string, unknown>;
  /// It comes from the user's template.
  inherited?: boolean;
}
/// By position, from 1.
export type Keys = Record<string, Key>;

interface KeyForm {
  to?: [kind: ChoosableKind, member: string];
  choice?: [member: string, choices: readonly string[]];
  texts?: readonly string[];
  /// It can be said without knowing what there is in the office.
  own?: boolean;
}
export const kKeyTypes: Readonly<Record<string, KeyForm>> = {
  user: { to: ['users_by_id', 'user_id'] },
  group: { to: ['groups', 'group_id'] },
  queue: { to: ['queues', 'queue_id'] },
  conference: { to: ['conferences', 'conference_id'] },
  paging: { to: ['pagings', 'paging_id'] },
  agent: { to: ['agents', 'agent_id'] },
  custom: { texts: ['exten'], own: true },
  forward: { choice: ['forward', ['unconditional', 'busy', 'noanswer']], texts: ['exten'], own: true },
  service: {
    choice: ['service', ['enablednd', 'incallfilter', 'vmusermsg', 'vmuserpurge', 'enablevm', 'pickup', 'callrecord', 'recsnd', 'calllistening', 'directoryaccess', 'fwdundoall', 'phonestatus']], own: true,
  },
  transfer: { choice: ['transfer', ['blind', 'attended']], own: true },
  park: { own: true },
  park_position: { texts: ['position'], own: true },
  onlinerec: { own: true },
};

export function fresh_key(type: string): Key {
  const choice = kKeyTypes[type]?.choice;
  return { label: null, blf: true, destination: { type, ...(choice ? { [choice[0]]: choice[1][0] } : {}) } };
}

/// What is sent: without what is only shown.
export function sent_keys(keys: Keys): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(keys).map(([position, { label, blf, destination }]) => {
      const { type, ...rest } = destination;
      const form = kKeyTypes[type] ?? {};
      const members = [form.to?.[1], form.choice?.[0], ...(form.texts ?? []), 'filter_member_id'];
      const told = Object.fromEntries(Object.entries(rest).filter(([name, value]) => members.includes(name) && value !== null && value !== ''));
      return [position, { label: label || null, blf: blf !== false, destination: { type, ...told } }];
    }),
  );
}

/// So many keys are drawn: rows of two, with one that is free at the end.
export function places_of(keys: Keys): number {
  const highest = Math.max(0, ...Object.keys(keys).map(Number));
  return Math.max(8, Math.ceil((highest + 1) / 2) * 2);
}
