// SPDX-License-Identifier: GPL-3.0-or-later
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router-dom';
import { confd } from '@/api/client';
import { useContexts } from '@/components/form/ContextSelect';
import { LoadFailed } from '@/components/LoadFailed';
import { Loading } from '@/components/Loading';
import { UserForm } from './UserForm';

function NewUser() {
  const contexts = useContexts();
  const context = contexts.data?.find((candidate) => candidate.type === 'internal') ?? contexts.data?.[0];
  const last = useQuery({
    queryKey: ['confd', '/extensions', 'last', context?.name],
    queryFn: async ({ signal }) => (await confd.get('/extensions', { query: { context: context?.name, order: 'exten', direction: 'desc', limit: 100 } as never, signal })).data.items ?? [],
    enabled: context !== undefined,
    staleTime: 0,
    gcTime: 0,
  });
  if (contexts.error) return <LoadFailed error={contexts.error} retry={() => void contexts.refetch()} />;
  if (!contexts.data || (context && !last.data && !last.error)) return <Loading />;
  return <UserForm user={null} etag={null} context={context?.name ?? ''} suggestion={next_number(context?.user_ranges, last.data ?? [])} />;
}

/// The number after the highest one of the first range; empty: there is none left behind it.
export function next_number(ranges: Array<{ start?: string; end?: string }> | undefined, taken: Array<{ exten?: string }>): string {
  const range = ranges?.[0];
  if (!range?.start) return '';
  const [first, last] = [Number(range.start), Number(range.end ?? range.start)];
  const used = taken.map(({ exten }) => Number(exten)).filter((number) => number >= first && number <= last);
  const next = used.length === 0 ? first : Math.max(...used) + 1;
  return next > last ? '' : String(next).padStart(range.start.length, '0');
}

function ExistingUser({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['confd', '/users', id],
    queryFn: ({ signal }) => confd.get('/users/{user_id}', { path: { user_id: id }, signal }),
  });
  if (error) return <LoadFailed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  // Saved or undone: the fields begin anew with what is there now.
  return <UserForm key={data.etag} user={data.data} etag={data.etag} context="" suggestion="" />;
}

export function UserPage() {
  const { id = 'new' } = useParams();
  return id === 'new' ? <NewUser /> : <ExistingUser id={id} />;
}
