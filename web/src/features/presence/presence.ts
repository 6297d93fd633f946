// SPDX-License-Identifier: GPL-3.0-or-later
import type { PresenceChoice } from '@/api/client';

/// Those of a new system, with the words that it has for them in either language of its groups. "Disconnected" is
/// another word in the translations, as it is nothing that is said of the person's telephone.
const kShipped = {
  available: ['Disponible', 'Available'],
  away: ['Sorti', 'Away'],
  berightback: ['Bientôt de retour', 'Be right back'],
  disconnected: ['Déconnecté', 'Disconnected'],
  donotdisturb: ['Ne pas déranger', 'Do not disturb'],
  outtolunch: ['Parti manger', 'Out to lunch'],
} as const;
export type ShippedPresence = keyof typeof kShipped;

const is_shipped = (name: string): name is ShippedPresence => Object.hasOwn(kShipped, name);

/// How a presence is called: by the administrator's word for it; where that is the shipped one, in the language of who
/// reads; where the group does not know it, by its name.
export function presence_label(name: string, choices: readonly PresenceChoice[], translated: (name: ShippedPresence) => string): string {
  const label = choices.find((choice) => choice.name === name)?.label;
  if (is_shipped(name) && (label === undefined || (kShipped[name] as readonly string[]).includes(label))) return translated(name);
  return label ?? name;
}

/// Those that can be chosen now. One that says nothing of others leads to all: nobody shall be caught in it.
export function reachable_from(name: string, choices: readonly PresenceChoice[]): ReadonlySet<string> {
  const reachable = choices.find((choice) => choice.name === name)?.reachable ?? [];
  return new Set(reachable.length > 0 ? [name, ...reachable] : choices.map((choice) => choice.name));
}
