// SPDX-License-Identifier: GPL-3.0-or-later
// Resources that others name: where they are listed and what they are called, for fields that choose among any number of
// them.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { resources } from '@/api/client';

export interface Choosable {
  collection: string;
  /// The member that names one.
  id: string;
  order: string;
  query?: Record<string, string>;
}

export const kChoosable = {
  users: { collection: '/users', id: 'uuid', order: 'firstname', query: { view: 'summary' } },
  // Destinations and function keys name users by number.
  users_by_id: { collection: '/users', id: 'id', order: 'firstname', query: { view: 'summary' } },
  groups: { collection: '/groups', id: 'id', order: 'name' },
  queues: { collection: '/queues', id: 'id', order: 'name' },
  conferences: { collection: '/conferences', id: 'id', order: 'name' },
  voicemails: { collection: '/voicemails', id: 'id', order: 'name' },
  ivrs: { collection: '/ivr', id: 'id', order: 'name' },
  outcalls: { collection: '/outcalls', id: 'id', order: 'name' },
  trunks: { collection: '/trunks', id: 'id', order: 'id' },
  schedules: { collection: '/schedules', id: 'id', order: 'name' },
  callpermissions: { collection: '/callpermissions', id: 'id', order: 'name' },
  agents: { collection: '/agents', id: 'id', order: 'firstname' },
  skills: { collection: '/agents/skills', id: 'id', order: 'name' },
  entities: { collection: '/entities', id: 'id', order: 'name' },
  ldap_servers: { collection: '/ldap_servers', id: 'id', order: 'name' },
  ldap_filters: { collection: '/ldap_filters', id: 'id', order: 'name' },
  directory_sources: { collection: '/directory_sources', id: 'id', order: 'name' },
  directory_displays: { collection: '/directory_displays', id: 'id', order: 'name' },
  moh: { collection: '/moh', id: 'name', order: 'label' },
  contexts: { collection: '/contexts', id: 'name', order: 'name' },
  pagings: { collection: '/pagings', id: 'id', order: 'name' },
  templates: { collection: '/funckeys/templates', id: 'id', order: 'name' },
} as const satisfies Record<string, Choosable>;
export type ChoosableKind = keyof typeof kChoosable;

type Named = Record<string, unknown>;
const member = (item: Named, name: string, of: string) => (item[name] as Named | null | undefined)?.[of];

/// What people call it.
export function choice_name(item: Named): string {
  const person = [item['firstname'], item['lastname']].filter(Boolean).join(' ');
  const trunk = member(item, 'endpoint_sip', 'username') ?? member(item, 'endpoint_custom', 'interface');
  const name = person || String(item['label'] || item['name'] || trunk || item['number'] || item['id'] || item['uuid'] || '');
  const number = item['extension'] ?? item['number'];
  return number && String(number) !== name ? `${name} (${String(number)})` : name;
}

const kMostChoices = 50;

/// Those that fit to what was typed, by what names them.
export function useChoices(kind: ChoosableKind, search: string) {
  const { collection, query, order } = kChoosable[kind] as Choosable;
  return useQuery({
    queryKey: ['confd', collection, 'choices', search],
    queryFn: async ({ signal }) => (await resources.list(collection, { ...query, search, order, limit: kMostChoices }, signal)).data.items,
  });
}

/// Choices for a Select, with what is chosen among them.
export function useChoiceData(kind: ChoosableKind, search: string, chosen: ReadonlyArray<{ value: string; label: string }>) {
  const { t } = useTranslation();
  const { data } = useChoices(kind, search);
  const labels = new Map(chosen.map(({ value, label }) => [value, label]));
  const items = new Map<string, Named>();
  for (const item of data ?? []) {
    const value = String(item[kChoosable[kind].id]);
    items.set(value, item);
    labels.set(value, choice_name(item) || t('form.unnamed', { id: value }));
  }
  return { data: [...labels].map(([value, label]) => ({ value, label })), items };
}
