// SPDX-License-Identifier: GPL-3.0-or-later
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { FocusEventHandler, Ref } from 'react';
import { confd } from '@/api/client';

export function useContexts() {
  return useQuery({
    queryKey: ['confd', '/contexts', 'all'],
    queryFn: async ({ signal }) => (await confd.get('/contexts', { query: { order: 'name' }, signal })).data.items ?? [],
    staleTime: 60_000,
  });
}

interface Props {
  label: string;
  description?: string | undefined;
  error?: string | undefined;
  disabled?: boolean;
  withAsterisk?: boolean;
  onBlur?: FocusEventHandler;
  ref?: Ref<HTMLInputElement>;
  value: string;
  on_change: (name: string) => void;
}

export function ContextSelect({ value, on_change, ...rest }: Props) {
  const { data } = useContexts();
  const names = new Map((data ?? []).map((context) => [context.name ?? '', context.label || context.name || '']));
  if (value !== '' && !names.has(value)) names.set(value, value);
  return (
    <Select
      {...rest}
      searchable
      allowDeselect={false}
      data={[...names].map(([name, label]) => ({ value: name, label: label === name ? name : `${label} (${name})` }))}
      value={value || null}
      onChange={(chosen) => on_change(chosen ?? '')}
    />
  );
}
