// SPDX-License-Identifier: GPL-3.0-or-later
import { useQueries, useQuery } from '@tanstack/react-query';
import { lazy } from 'react';
import { useParams } from 'react-router-dom';
import { resources } from '@/api/client';
import { useContexts } from '@/components/form/ContextSelect';
import { LoadFailed } from '@/components/LoadFailed';
import { Loading } from '@/components/Loading';
import type { Kind } from './kinds';
import { ResourceForm } from './ResourceForm';

const TemplatePage = lazy(() => import('@/features/funckeys/TemplatePage').then((module) => ({ default: module.TemplatePage })));

/// Where the number of a kind usually is; undefined as long as that is not known.
function useUsualContext(kind: Kind) {
  const { data, error, refetch } = useContexts();
  const context = data?.find((candidate) => candidate.type === (kind.dialled ? 'outcall' : (kind.numbered ?? 'internal'))) ?? data?.[0];
  return { context: data && (context?.name ?? ''), error, refetch };
}

function NewResource({ kind }: { kind: Kind }) {
  const { context, error, refetch } = useUsualContext(kind);
  if (error) return <LoadFailed error={error} retry={() => void refetch()} />;
  if (context === undefined) return <Loading />;
  return <ResourceForm kind={kind} resource={null} parts={[]} etag={null} context={context} />;
}

function ExistingResource({ kind, id }: { kind: Kind; id: string }) {
  const { context } = useUsualContext(kind);
  const { data, error, refetch } = useQuery({
    queryKey: ['confd', kind.collection, id],
    queryFn: ({ signal }) => resources.get(kind.collection, id, signal),
  });
  const parts = useQueries({
    queries: (kind.parts ?? []).map(({ collection, name }) => {
      const held = (data?.data[name] as { id?: number } | null | undefined)?.id;
      return {
        queryKey: ['confd', collection, String(held), data?.etag],
        queryFn: async ({ signal }: { signal: AbortSignal }) => (held === undefined ? null : (await resources.get(collection, held, signal)).data),
        enabled: data !== undefined,
      };
    }),
  });
  const failed = error ?? parts.find((part) => part.error)?.error;
  if (failed) return <LoadFailed error={failed} retry={() => void refetch()} />;
  if (!data || context === undefined || parts.some((part) => part.data === undefined)) return <Loading />;
  // Saved or undone: the fields begin anew with what is there now.
  const key = JSON.stringify([data.etag, parts.map((part) => part.data)]);
  return <ResourceForm key={key} kind={kind} resource={data.data} parts={parts.map((part) => part.data ?? null)} etag={data.etag} context={context} />;
}

export function ResourcePage({ kind }: { kind: Kind }) {
  const { id = 'new' } = useParams();
  if (kind.extra === 'keys') return <TemplatePage key={id} kind={kind} id={id} />;
  return id === 'new' ? <NewResource kind={kind} /> : <ExistingResource kind={kind} id={id} />;
}
