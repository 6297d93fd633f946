// SPDX-License-Identifier: GPL-3.0-or-later
import { useQueries } from '@tanstack/react-query';
import { confd } from '@/api/client';
import { useAccount } from '@/features/session/use_session';

const kMostFound = 50;

/// Those whose name, number or address has what is searched.
export const colleagues = (user_uuid: string | null, search: string) => ({
  queryKey: ['me', user_uuid, 'colleagues', search],
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    (await confd.get('/users/{user_id}/colleagues', { path: { user_id: user_uuid ?? '' }, query: { search, limit: kMostFound }, signal })).data.items ?? [],
});

/// Names by the numbers that colleagues have; of other numbers there is none.
export function useNamesOfNumbers(numbers: ReadonlyArray<string | null>): ReadonlyMap<string, string> {
  const { user_uuid } = useAccount();
  const wanted = [...new Set(numbers.filter((number): number is string => number !== null && number !== ''))];
  const found = useQueries({ queries: wanted.map((number) => ({ ...colleagues(user_uuid, number), staleTime: 60_000, retry: false })) });
  const named = wanted.map((number, index): [string, string] => {
    const who = found[index]?.data?.find(({ exten }) => exten === number);
    return [number, [who?.firstname, who?.lastname].filter(Boolean).join(' ')];
  });
  return new Map(named.filter(([, name]) => name !== ''));
}
