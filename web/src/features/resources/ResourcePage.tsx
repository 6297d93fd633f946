// SPDX-License-Identifier: GPL-3.0-or-later
// The form of a resource, made of what the server's document says of its kind.
import { Alert, Anchor, Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconArrowLeft, IconTrash } from '@/components/icons';
import { useRef, useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router-dom';
import { confd, resources } from '@/api/client';
import { ApiError, errors_by_field } from '@/api/error';
import classes from '@/components/components.module.css';
import { ConfirmButton } from '@/components/ConfirmButton';
import { useErrorText } from '@/components/error_text';
import { ContextSelect, useContexts } from '@/components/form/ContextSelect';
import { ShapeField } from '@/components/form/ShapeField';
import { body_of, resolver_of, values_of, type Values } from '@/components/form/shape_values';
import { useUndoable } from '@/components/form/undo';
import { useUnsaved } from '@/components/form/use_unsaved';
import { LoadFailed } from '@/components/LoadFailed';
import { Loading } from '@/components/Loading';
import type { Kind } from './kinds';
import { MembersField, type Member } from './MembersField';
import { number_of, plan_of, type NumberOf } from './resource_plan';
import { kShapes } from './shapes';

interface FormProps {
  kind: Kind;
  resource: Record<string, unknown> | null;
  etag: string | null;
  context: string;
}

function ResourceForm({ kind, resource, etag, context }: FormProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const error_text = useErrorText();
  const undoable = useUndoable();
  const shape = kShapes[kind.key];
  const saved = useRef(false);
  const [problems, set_problems] = useState<string[]>([]);
  const names = kind.fields.filter((name) => shape[name] !== undefined);
  const [before] = useState<Values>(() => ({ ...values_of(shape, names, resource), ...(shape['context'] && !resource ? { context } : {}) }));
  const [number_before] = useState<NumberOf>(() => number_of(resource, context));
  const [members_before] = useState<Member[]>(() => ((resource?.['members'] as { users?: Member[] } | undefined)?.users ?? []));
  const form = useForm<Values>({
    defaultValues: { ...before, number_exten: number_before.exten, number_context: number_before.context, members: members_before },
    resolver: resolver_of(shape, ({ key, ...rest }) => t(key, rest)),
  });
  const { isDirty, isSubmitting } = form.formState;
  useUnsaved(isDirty, saved);
  const id = resource === null ? null : String(resource['id']);
  const title = resource === null ? t(`kinds.${kind.key}.add`) : String(resource['label'] || resource['name'] || resource['exten'] || number_before.exten || t('form.unnamed', { id: id ?? '' }));

  const refused = (error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 400) return set_problems([error_text(error)]);
    const { fields, rest } = errors_by_field(error, [...names, 'exten']);
    for (const { field, reason } of fields) form.setError(field === 'exten' && !names.includes('exten') ? 'number_exten' : field, { type: 'server', message: reason });
    set_problems(rest);
  };

  const submit = form.handleSubmit(async (values) => {
    set_problems([]);
    const own = Object.fromEntries(names.map((name) => [name, values[name]]));
    const body = body_of(shape, own, resource === null ? null : before);
    const number = { ...number_before, exten: String(values['number_exten'] ?? '').trim(), context: String(values['number_context'] ?? '') };
    const members = values['members'] as Member[];
    const changed_members = JSON.stringify(members) === JSON.stringify(members_before) ? null : members;
    const operations = plan_of(kind, id, body, number_before, kind.numbered ? number : number_before, changed_members);
    try {
      let made = id;
      if (operations.length === 1 && operations[0]?.method === 'PUT' && operations[0].path === `${kind.collection}/${id}`) {
        await resources.update(kind.collection, id ?? '', body, etag);
      } else if (operations.length > 0) {
        const results = ((await confd.post('/batch', { body: { operations } as never })).data as { results?: Array<{ body?: { id?: number } }> }).results;
        if (made === null) made = String(results?.[0]?.body?.id ?? '');
      }
      saved.current = true;
      form.reset(values);
      await undoable(t('form.saved'));
      if (id === null) await navigate(`/${kind.key}/${made}`, { replace: true });
    } catch (error) {
      refused(error);
    }
  });

  const erase = async () => {
    try {
      const operations = [
        ...(number_before.id === null ? [] : [
          { method: 'DELETE', path: `${kind.collection}/${id}/extensions/${number_before.id}` },
          { method: 'DELETE', path: `/extensions/${number_before.id}` },
        ]),
        { method: 'DELETE', path: `${kind.collection}/${id}` },
      ];
      await confd.post('/batch', { body: { operations } as never });
      saved.current = true;
      await undoable(t('form.erased', { name: title }));
      await navigate(`/${kind.key}`);
    } catch (error) {
      refused(error);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Anchor component={Link} to={`/${kind.key}`} size="sm">
        <Group gap={4}>
          <IconArrowLeft size={16} />
          {t(`kinds.${kind.key}.many`)}
        </Group>
      </Anchor>
      <Group className={classes.head} mt="xs">
        <Title order={1} size="h2">
          {title}
        </Title>
        {resource && <ConfirmButton icon={<IconTrash size={18} />} label={t('form.erase')} question={t('form.eraseQuestion', { name: title })} confirmed={erase} />}
      </Group>
      <Stack gap="lg">
        {problems.length > 0 && (
          <Alert color="red" variant="light" role="alert">
            {problems.map((problem) => (
              <Text key={problem} size="sm">
                {problem}
              </Text>
            ))}
          </Alert>
        )}
        <Card withBorder radius="md" padding="lg">
          <div className={classes.fields}>
            {kind.numbered && (
              <>
                <TextInput
                  label={t(kind.numbered === 'incall' ? 'form.calledNumber' : 'users.number')}
                  inputMode="tel"
                  error={form.formState.errors['number_exten']?.message as string | undefined}
                  {...form.register('number_exten')}
                />
                <Controller
                  name="number_context"
                  control={form.control}
                  render={({ field }) => <ContextSelect label={t('fields.context')} value={String(field.value ?? '')} on_change={field.onChange} />}
                />
              </>
            )}
            {names.map((name) => {
              const field = shape[name];
              return field && <ShapeField key={name} name={name} field={field} control={form.control} exists={resource !== null} />;
            })}
            {kind.members && (
              <Controller name="members" control={form.control} render={({ field }) => <MembersField value={(field.value ?? []) as Member[]} on_change={field.onChange} />} />
            )}
          </div>
        </Card>
      </Stack>
      <div className={classes.formEnd}>
        <Button type="submit" loading={isSubmitting}>
          {t('form.save')}
        </Button>
        <Button variant="default" component={Link} to={`/${kind.key}`}>
          {t('form.cancel')}
        </Button>
      </div>
    </form>
  );
}

/// Where the number of a kind usually is; undefined as long as that is not known.
function useUsualContext(kind: Kind) {
  const { data, error, refetch } = useContexts();
  const context = data?.find((candidate) => candidate.type === (kind.numbered ?? 'internal')) ?? data?.[0];
  return { context: data && (context?.name ?? ''), error, refetch };
}

function NewResource({ kind }: { kind: Kind }) {
  const { context, error, refetch } = useUsualContext(kind);
  if (error) return <LoadFailed error={error} retry={() => void refetch()} />;
  if (context === undefined) return <Loading />;
  return <ResourceForm kind={kind} resource={null} etag={null} context={context} />;
}

function ExistingResource({ kind, id }: { kind: Kind; id: string }) {
  const { context } = useUsualContext(kind);
  const { data, error, refetch } = useQuery({
    queryKey: ['confd', kind.collection, id],
    queryFn: ({ signal }) => resources.get(kind.collection, id, signal),
  });
  if (error) return <LoadFailed error={error} retry={() => void refetch()} />;
  if (!data || context === undefined) return <Loading />;
  return <ResourceForm key={data.etag} kind={kind} resource={data.data} etag={data.etag} context={context} />;
}

export function ResourcePage({ kind }: { kind: Kind }) {
  const { id = 'new' } = useParams();
  return id === 'new' ? <NewResource kind={kind} /> : <ExistingResource kind={kind} id={id} />;
}
