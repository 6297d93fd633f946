// SPDX-License-Identifier: GPL-3.0-or-later
import { Fieldset, Select, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { resources } from '@/api/client';
import classes from '../components.module.css';
import { ContextSelect } from './ContextSelect';

export type Destination = { type: string } & Record<string, unknown>;

/// Destinations that name a resource: where they are listed, and the member that names one.
const kTargets: Record<string, { collection: string; id: string; order: string; query?: Record<string, string> }> = {
  user: { collection: '/users', id: 'user_id', order: 'firstname', query: { view: 'summary' } },
  group: { collection: '/groups', id: 'group_id', order: 'name' },
  meetme: { collection: '/conferences', id: 'conference_id', order: 'name' },
  voicemail: { collection: '/voicemails', id: 'voicemail_id', order: 'name' },
};
const kTypes = ['none', ...Object.keys(kTargets), 'extension', 'hangup'] as const;
const kMostChoices = 50;

function name_of(item: Record<string, unknown>): string {
  const person = [item['firstname'], item['lastname']].filter(Boolean).join(' ');
  const number = item['extension'] ?? item['number'];
  const name = person || String(item['name'] ?? item['id']);
  return number ? `${name} (${String(number)})` : name;
}

function TargetSelect({ type, value, on_change }: { type: string; value: unknown; on_change: (id: number) => void }) {
  const { t } = useTranslation();
  const target = kTargets[type]!;
  const [search, set_search] = useState('');
  const current = value === null || value === undefined ? '' : String(value);
  const found = useQuery({
    queryKey: ['confd', target.collection, 'choices', search],
    queryFn: async ({ signal }) => (await resources.list(target.collection, { ...target.query, search, order: target.order, limit: kMostChoices }, signal)).data.items,
  });
  const chosen = useQuery({
    queryKey: ['confd', target.collection, current],
    queryFn: async ({ signal }) => (await resources.get(target.collection, current, signal)).data,
    enabled: current !== '',
  });
  const choices = new Map((found.data ?? []).map((item) => [String(item['id']), name_of(item)]));
  if (current !== '' && !choices.has(current)) choices.set(current, chosen.data ? name_of(chosen.data) : current);
  return (
    <Select
      label={t('destination.which')}
      searchable
      allowDeselect={false}
      data={[...choices].map(([id, label]) => ({ value: id, label }))}
      filter={({ options }) => options}
      value={current || null}
      onChange={(id) => id !== null && on_change(Number(id))}
      onSearchChange={(text) => set_search([...choices.values()].includes(text) ? '' : text)}
      nothingFoundMessage={t('form.nothingFound')}
    />
  );
}

interface Props {
  label: string;
  value: Destination | null;
  on_change: (value: Destination) => void;
  error?: string | undefined;
}

/// Where a call goes.
export function DestinationField({ label, value, on_change, error }: Props) {
  const { t, i18n } = useTranslation();
  const type = value?.type ?? 'none';
  // Types that have no fields here yet stay as they are.
  const types: string[] = (kTypes as readonly string[]).includes(type) ? [...kTypes] : [...kTypes, type];
  const word = (name: string) => (i18n.exists(`destination.types.${name}`) ? (t as (key: string) => string)(`destination.types.${name}`) : name);
  const choose = (chosen: string) => on_change(chosen === 'hangup' ? { type: chosen, cause: 'normal' } : { type: chosen });
  const target = kTargets[type];
  return (
    <Fieldset legend={label} className={classes.wide}>
      <Stack gap="sm">
        <Select
          label={t('destination.kind')}
          allowDeselect={false}
          data={types.map((name) => ({ value: name, label: word(name) }))}
          value={type}
          onChange={(chosen) => chosen !== null && chosen !== type && choose(chosen)}
        />
        {target && <TargetSelect key={type} type={type} value={value?.[target.id]} on_change={(id) => on_change({ type, [target.id]: id })} />}
        {type === 'extension' && (
          <>
            <TextInput label={t('fields.exten')} value={String(value?.['exten'] ?? '')} onChange={(event) => on_change({ ...value, type, exten: event.currentTarget.value })} />
            <ContextSelect label={t('fields.context')} value={String(value?.['context'] ?? '')} on_change={(context) => on_change({ ...value, type, context })} />
          </>
        )}
        {error && <Text size="xs" c="var(--mantine-color-error)" role="alert">{error}</Text>}
      </Stack>
    </Fieldset>
  );
}
