// SPDX-License-Identifier: GPL-3.0-or-later
import { useQueries } from '@tanstack/react-query';
import { resources } from '@/api/client';
import { choice_name } from '@/components/form/choices';

/// Names of users by their uuids; empty as long as one is not known.
export function useNames(uuids: ReadonlyArray<string | null>): Map<string, string> {
  const wanted = [...new Set(uuids.filter((uuid): uuid is string => uuid !== null))].sort();
  const found = useQueries({
    queries: wanted.map((uuid) => ({
      queryKey: ['confd', '/users', uuid, 'name'],
      queryFn: async ({ signal }: { signal: AbortSignal }) => choice_name((await resources.get('/users', uuid, signal)).data),
      staleTime: 60_000,
      retry: false,
    })),
  });
  return new Map(wanted.map((uuid, index) => [uuid, found[index]?.data ?? '']));
}
