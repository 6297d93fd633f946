// SPDX-License-Identifier: GPL-3.0-or-later
import { MultiSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { resources } from '@/api/client';
import classes from '@/components/components.module.css';

export interface Member {
  uuid: string;
  firstname?: string | null;
  lastname?: string | null;
}

const kMostChoices = 50;

function name_of(user: Record<string, unknown>): string {
  const name = [user['firstname'], user['lastname']].filter(Boolean).join(' ');
  return user['extension'] ? `${name} (${String(user['extension'])})` : name;
}

/// Users in an order; found among any number of them.
export function MembersField({ value, on_change }: { value: Member[]; on_change: (members: Member[]) => void }) {
  const { t } = useTranslation();
  const [search, set_search] = useState('');
  const { data } = useQuery({
    queryKey: ['confd', '/users', 'choices', search],
    queryFn: async ({ signal }) => (await resources.list('/users', { view: 'summary', search, order: 'firstname', limit: kMostChoices }, signal)).data.items,
  });
  const known = new Map(value.map((member) => [member.uuid, member]));
  const choices = new Map(value.map((member) => [member.uuid, name_of(member as unknown as Record<string, unknown>)]));
  for (const user of data ?? []) {
    known.set(String(user['uuid']), { uuid: String(user['uuid']), firstname: user['firstname'] as string, lastname: user['lastname'] as string | null });
    choices.set(String(user['uuid']), name_of(user));
  }
  return (
    <MultiSelect
      className={classes.wide}
      label={t('form.members')}
      placeholder={t('users.search')}
      data={[...choices].map(([uuid, label]) => ({ value: uuid, label }))}
      value={value.map((member) => member.uuid)}
      onChange={(uuids) => on_change(uuids.flatMap((uuid) => known.get(uuid) ?? []))}
      searchable
      searchValue={search}
      onSearchChange={set_search}
      filter={({ options }) => options}
      nothingFoundMessage={t('form.nothingFound')}
    />
  );
}
