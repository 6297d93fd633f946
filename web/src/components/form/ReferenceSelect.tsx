// SPDX-License-Identifier: GPL-3.0-or-later
import { Select, type SelectProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { resources } from '@/api/client';
import { choice_name, kChoosable, useChoiceData, type ChoosableKind } from './choices';

interface Props extends Omit<SelectProps, 'data' | 'value' | 'onChange' | 'onSearchChange' | 'filter' | 'error'> {
  kind: ChoosableKind;
  ref?: Ref<HTMLInputElement>;
  /// By what names it; empty: none.
  value: string;
  on_change: (value: string) => void;
  error?: string | undefined;
}

/// One of any number of resources, found by what is typed.
export function ReferenceSelect({ kind, value, on_change, ...rest }: Props) {
  const { t } = useTranslation();
  const [search, set_search] = useState('');
  const { collection, id } = kChoosable[kind];
  const by_number = id === 'id' || id === 'uuid';
  const chosen = useQuery({
    queryKey: ['confd', collection, value],
    queryFn: async ({ signal }) => (await resources.get(collection, value, signal)).data,
    enabled: value !== '' && by_number,
  });
  const { data } = useChoiceData(kind, search, value === '' ? [] : [{ value, label: chosen.data ? choice_name(chosen.data) : value }]);
  return (
    <Select
      {...rest}
      searchable
      data={data}
      filter={({ options }) => options}
      value={value || null}
      onChange={(found) => on_change(found ?? '')}
      onSearchChange={(text) => set_search(data.some(({ label }) => label === text) ? '' : text)}
      nothingFoundMessage={t('form.nothingFound')}
    />
  );
}
