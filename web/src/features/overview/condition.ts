// SPDX-License-Identifier: GPL-3.0-or-later
import type { TrunkState } from '@/api/client';

/// `fails`: it is known not to work; `unknown`: nobody asks it whether it is there.
export type Condition = 'fails' | 'trying' | 'registered' | 'reachable' | 'unknown';

export interface TrunkCondition {
  trunk: TrunkState;
  condition: Condition;
  /// Since when; null: that is not known.
  since: string | null;
  /// What the server says of it; empty: nothing.
  reason: string;
}

/// What the server says where the other has said nothing, so that it is told in the reader's language.
export const kSilent = 'no answer';
export const kNowhere = 'no address of the host is known';

/// A trunk works as a whole or it does not: whoever is registered and gives no answer does not.
export function condition_of(trunk: TrunkState): TrunkCondition {
  const { registration, monitoring } = trunk;
  const told = (condition: Condition, since: string | null | undefined, reason = '') => ({ trunk, condition, since: since ?? null, reason });
  if (registration && (registration.state === 'refused' || registration.state === 'unreachable')) return told('fails', registration.since, registration.reason);
  if (monitoring && !monitoring.reachable) return told('fails', monitoring.since, kSilent);
  if (registration) return told(registration.state === 'registered' ? 'registered' : 'trying', registration.since);
  if (monitoring) return told(monitoring.since ? 'reachable' : 'trying', monitoring.since);
  return told('unknown', null);
}

const kOrder: Condition[] = ['fails', 'trying', 'registered', 'reachable', 'unknown'];
/// What fails comes first, then by name.
export const by_urgency = (a: TrunkCondition, b: TrunkCondition) => kOrder.indexOf(a.condition) - kOrder.indexOf(b.condition) || a.trunk.name.localeCompare(b.trunk.name);
