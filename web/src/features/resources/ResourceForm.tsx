// SPDX-License-Identifier: GPL-3.0-or-later
// The form of a resource, made of what the server's document says of its kind.
import { Button, Card, Switch, TextInput, Title } from '@mantine/core';
import { lazy, useRef, useState } from 'react';
import { Controller, useForm, type FieldErrors } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router-dom';
import { confd, resources } from '@/api/client';
import { ApiError, errors_by_field } from '@/api/error';
import classes from '@/components/components.module.css';
import { useErrorText } from '@/components/error_text';
import { ContextSelect } from '@/components/form/ContextSelect';
import { useLabels } from '@/components/form/labels';
import { ManyField, type Member } from '@/components/form/ManyField';
import { ShapeField } from '@/components/form/ShapeField';
import { body_of, complaints_of, values_of, type Complaint, type Values } from '@/components/form/shape_values';
import { useUndoable } from '@/components/form/undo';
import { useUnsaved } from '@/components/form/use_unsaved';
import { IconRoute } from '@/components/icons';
import { DialledField } from './DialledField';
import { FormFrame } from '@/components/form/FormFrame';
import type { Kind } from './kinds';
import { erasure_of, number_of, plan_of, shown_at, type Dialled, type NumberOf } from './resource_plan';
import { kPartShapes, kShapes } from './shapes';

const MusicFiles = lazy(() => import('@/features/sounds/MusicFiles').then((module) => ({ default: module.MusicFiles })));
const IvrTree = lazy(() => import('@/features/ivr/IvrTree').then((module) => ({ default: module.IvrTree })));

interface Props {
  kind: Kind;
  resource: Record<string, unknown> | null;
  /// What belongs to it, as kind.parts names them.
  parts: Array<Record<string, unknown> | null>;
  etag: string | null;
  context: string;
}

export function ResourceForm({ kind, resource, parts: parts_there, etag, context }: Props) {
  const { t, i18n } = useTranslation();
  const { label_of } = useLabels();
  const navigate = useNavigate();
  const error_text = useErrorText();
  const undoable = useUndoable();
  const saved = useRef(false);
  const [problems, set_problems] = useState<string[]>([]);
  const exists = resource !== null;
  const shape = kShapes[kind.key];
  const id_name = kind.id ?? 'id';
  const id = exists ? String(resource[id_name]) : null;
  const names = kind.fields.filter((name) => shape[name] !== undefined);
  const parts = (kind.parts ?? []).map((part, index) => ({ part, shape: kPartShapes[part.title], there: parts_there[index] ?? null }));

  const [before] = useState<Values>(() => ({ ...values_of(shape, names, resource), ...(shape['context'] && !exists && !kind.parts ? { context } : {}) }));
  const [number_before] = useState<NumberOf>(() => number_of(resource, context));
  const [dialled_before] = useState<Dialled[]>(() => (kind.dialled ? (shown_at(resource, 'extensions') as Dialled[]) : []));
  const [joined_before] = useState<Member[][]>(() => (kind.joined ?? []).map(({ shown }) => shown_at(resource, shown)));
  const [parts_before] = useState<Values[]>(() => parts.map(({ part, shape: of_part, there }) => values_of(of_part, part.fields, there)));
  const form = useForm<Values>({
    defaultValues: {
      ...before, number_exten: number_before.exten, number_context: number_before.context, dialled: dialled_before, joined: joined_before,
      // A new trunk is usually one with an account.
      part: parts.map(({ there }, index) => ({ has: there !== null || (!exists && index === 0), values: parts_before[index] })),
    },
    resolver: (values) => {
      const word = ({ key, ...rest }: Complaint) => t(key, rest);
      const errors: Record<string, unknown> = complaints_of(shape, values, exists, word);
      const of_parts = parts.map(({ shape: of_part, there }, index) => {
        const { has, values: held } = (values['part'] as Array<{ has: boolean; values: Values }>)[index]!;
        const wrong = has ? complaints_of(of_part, held, there !== null, word) : {};
        return Object.keys(wrong).length > 0 ? { values: wrong } : undefined;
      });
      if (of_parts.some(Boolean)) errors['part'] = of_parts;
      return Object.keys(errors).length > 0 ? { values: {}, errors: errors as FieldErrors<Values> } : { values, errors: {} };
    },
  });
  const { isDirty, isSubmitting } = form.formState;
  useUnsaved(isDirty, saved);
  const feature = `features.${String(resource?.['feature'])}`;
  const title = exists
    ? String((i18n.exists(feature) && (t as (key: string) => string)(feature)) || resource['label'] || resource['name'] || resource['username'] || resource['exten'] || shown_at(resource, 'endpoint_sip')[0]?.['username'] || number_before.exten || t('form.unnamed', { id: id ?? '' }))
    : t(`kinds.${kind.key}.add`);

  const refused = (error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 400) return set_problems([error_text(error)]);
    const { fields, rest } = errors_by_field(error, [...names, 'exten', ...parts.flatMap(({ part }) => part.fields)]);
    for (const { field, reason } of fields) {
      const part = names.includes(field) ? -1 : parts.findIndex(({ part: { fields: known } }) => known.includes(field));
      const place = part >= 0 ? `part.${part}.values.${field}` : field === 'exten' && !names.includes('exten') ? 'number_exten' : field;
      if (place === 'number_exten' && !kind.numbered) rest.push(reason);
      else form.setError(place, { type: 'server', message: reason });
    }
    set_problems(rest);
  };

  const submit = form.handleSubmit(async (values) => {
    set_problems([]);
    const own = Object.fromEntries(names.map((name) => [name, values[name]]));
    const body = body_of(shape, own, exists ? before : null);
    const number = { ...number_before, exten: String(values['number_exten'] ?? '').trim(), context: String(values['number_context'] ?? '') };
    const of_parts = values['part'] as Array<{ has: boolean; values: Values }>;
    const operations = plan_of(
      kind,
      {
        id, body,
        number: { before: number_before, after: kind.numbered ? number : number_before },
        dialled: { before: dialled_before, after: values['dialled'] as Dialled[] },
        joined: (kind.joined ?? []).map((joined, index) => ({ joined, before: joined_before[index] ?? [], after: (values['joined'] as Member[][])[index] ?? [] })),
        parts: parts.map(({ part, shape: of_part, there }, index) => ({
          part,
          before: there as { id: number } | null,
          after: of_parts[index]?.has ? body_of(of_part, of_parts[index].values, there === null ? null : (parts_before[index] ?? null)) : null,
        })),
      },
      id_name,
    );
    try {
      let made = id;
      if (operations.length === 1 && operations[0]?.method === 'PUT' && operations[0].path === `${kind.collection}/${id}`) {
        await resources.update(kind.collection, id ?? '', body, etag);
      } else if (operations.length > 0) {
        const results = ((await confd.post('/batch', { body: { operations } as never })).data as { results?: Array<{ body?: Record<string, unknown> }> }).results;
        if (made === null) made = String(results?.[0]?.body?.[id_name] ?? '');
      }
      saved.current = true;
      form.reset(values);
      if (id === null) await navigate(`/${kind.key}/${made}`, { replace: true });
      await undoable(t('form.saved'));
    } catch (error) {
      refused(error);
    }
  });

  const erase = async () => {
    try {
      await confd.post('/batch', { body: { operations: erasure_of(kind, id ?? '', resource ?? {}, Boolean(kind.numbered ?? kind.dialled)) } as never });
      saved.current = true;
      await navigate(`/${kind.key}`);
      await undoable(t('form.erased', { name: title }));
    } catch (error) {
      refused(error);
    }
  };

  return (
    <>
      <FormFrame
        title={title}
        back={{ to: `/${kind.key}`, name: t(`kinds.${kind.key}.many`) }}
        problems={problems}
        busy={isSubmitting}
        submit={(event) => void submit(event)}
        saves={!(exists && kind.unchangeable)}
        erase={exists && !kind.given ? erase : undefined}
        actions={
          kind.dialled && exists && (
            <Button component={Link} to="/explain" variant="default" leftSection={<IconRoute size={18} />}>
              {t('explain.testNumber')}
            </Button>
          )
        }
      >
        <Card withBorder radius="md" padding="lg" component="fieldset" disabled={exists && kind.unchangeable === true} className={classes.bare}>
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
              return field && <ShapeField key={name} name={name} field={field} control={form.control} exists={exists} />;
            })}
            {kind.dialled && <Controller name="dialled" control={form.control} render={({ field }) => <DialledField context={context} value={(field.value ?? []) as Dialled[]} on_change={field.onChange} />} />}
            {kind.joined?.map(({ name, kind: of, most }, index) => (
              <Controller
                key={name}
                name={`joined.${index}`}
                control={form.control}
                render={({ field }) => <ManyField kind={of} label={label_of(name)} most={most} value={(field.value ?? []) as Member[]} on_change={field.onChange} />}
              />
            ))}
          </div>
        </Card>
        {parts.map(({ part, shape: of_part, there }, index) => {
          const has = form.watch(`part.${index}.has`) === true;
          return (
            <Card key={part.name} withBorder radius="md" padding="lg" component="section" aria-label={label_of(part.name)}>
              <Title order={2} size="h4" mb="md">
                {label_of(part.name)}
              </Title>
              <div className={classes.fields}>
                <Controller
                  name={`part.${index}.has`}
                  control={form.control}
                  render={({ field }) => <Switch className={classes.wide} label={t('form.hasPart', { name: label_of(part.name) })} checked={field.value === true} onChange={(event) => field.onChange(event.currentTarget.checked)} />}
                />
                {has && part.fields.map((name) => of_part[name] && <ShapeField key={name} name={name} path={`part.${index}.values.${name}`} field={of_part[name]} control={form.control} exists={there !== null} />)}
              </div>
            </Card>
          );
        })}
      </FormFrame>
      {exists && kind.extra === 'files' && <MusicFiles uuid={id ?? ''} files={shown_at(resource, 'files')} />}
      {exists && kind.extra === 'tree' && <IvrTree id={id ?? ''} />}
    </>
  );
}
