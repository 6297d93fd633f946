// SPDX-License-Identifier: GPL-3.0-or-later
import { Autocomplete, type AutocompleteProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Ref } from 'react';
import { confd } from '@/api/client';

interface Props extends Omit<AutocompleteProps, 'data' | 'value' | 'onChange' | 'error'> {
  ref?: Ref<HTMLInputElement>;
  value: string;
  on_change: (value: string) => void;
  error?: string | undefined;
}

export function useSounds() {
  return useQuery({ queryKey: ['confd', '/sounds'], queryFn: async ({ signal }) => (await confd.get('/sounds', { signal })).data.items ?? [] });
}

/// What is played: a sound that there is, or the path of a file.
export function SoundSelect({ value, on_change, ...rest }: Props) {
  const { data } = useSounds();
  // Those of the program have names, in every language; others are files.
  const names = (data ?? []).flatMap((category) => (category.files ?? []).flatMap((file) => (category.name === 'system' ? file.name : file.formats?.[0]?.path) ?? []));
  return <Autocomplete {...rest} data={[...new Set(names)]} limit={40} value={value} onChange={on_change} />;
}
