// SPDX-License-Identifier: GPL-3.0-or-later
import { useQuery } from '@tanstack/react-query';
import { confd } from '@/api/client';
import { useAccount } from './use_session';

/// The person who has signed in, as the configuration has him.
export function useOwnUser() {
  const { user_uuid } = useAccount();
  const uuid = user_uuid ?? '';
  return useQuery({
    queryKey: ['me', uuid],
    queryFn: async ({ signal }) => (await confd.get('/users/{user_id}', { path: { user_id: uuid }, signal })).data,
  });
}
