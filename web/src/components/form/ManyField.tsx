// SPDX-License-Identifier: GPL-3.0-or-later
import { MultiSelect } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from '../components.module.css';
import { choice_name, kChoosable, useChoiceData, type ChoosableKind } from './choices';

/// As the server shows it in what it belongs to.
export type Member = Record<string, unknown>;

interface Props {
  kind: ChoosableKind;
  label: string;
  help?: string | undefined;
  most?: number | undefined;
  value: Member[];
  on_change: (members: Member[]) => void;
}

/// Resources in an order, found among any number of them.
export function ManyField({ kind, label, help, most, value, on_change }: Props) {
  const { t } = useTranslation();
  const [search, set_search] = useState('');
  const { id } = kChoosable[kind];
  const key_of = (member: Member) => String(member[id]);
  const { data, items } = useChoiceData(kind, search, value.map((member) => ({ value: key_of(member), label: choice_name(member) || t('form.unnamed', { id: key_of(member) }) })));
  const known = new Map<string, Member>([...items, ...value.map((member): [string, Member] => [key_of(member), member])]);
  return (
    <MultiSelect
      className={classes.wide}
      label={label}
      description={help}
      placeholder={value.length === 0 ? t('form.choose') : ''}
      data={data}
      value={value.map(key_of)}
      onChange={(keys) => on_change(keys.map((key) => known.get(key)).filter((member) => member !== undefined))}
      {...(most === undefined ? {} : { maxValues: most })}
      searchable
      searchValue={search}
      onSearchChange={set_search}
      filter={({ options }) => options}
      nothingFoundMessage={t('form.nothingFound')}
      clearButtonProps={{ 'aria-label': t('table.clear') }}
    />
  );
}
