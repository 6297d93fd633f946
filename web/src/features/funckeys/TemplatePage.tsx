// SPDX-License-Identifier: GPL-3.0-or-later
import { Card, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router-dom';
import { confd, resources } from '@/api/client';
import { useErrorText } from '@/components/error_text';
import { useUndoable } from '@/components/form/undo';
import { useUnsaved } from '@/components/form/use_unsaved';
import { LoadFailed } from '@/components/LoadFailed';
import { Loading } from '@/components/Loading';
import { FormFrame } from '@/components/form/FormFrame';
import type { Kind } from '@/features/resources/kinds';
import type { Operation } from '@/features/resources/resource_plan';
import { KeysEditor } from './KeysEditor';
import { sent_keys, type Keys } from './keys';

/// A template is made as a whole; afterwards its keys are changed one by one.
export function key_operations(id: string, before: Keys, after: Keys): Operation[] {
  const [old, now] = [sent_keys(before), sent_keys(after)];
  const path = (position: string) => `/funckeys/templates/${id}/${position}`;
  return [
    ...Object.keys(old).filter((position) => !(position in now)).map((position): Operation => ({ method: 'DELETE', path: path(position) })),
    ...Object.entries(now)
      .filter(([position, key]) => JSON.stringify(key) !== JSON.stringify(old[position]))
      .map(([position, body]): Operation => ({ method: 'PUT', path: path(position), body })),
  ];
}

function TemplateForm({ kind, id, name: given_name, keys: given }: { kind: Kind; id: string | null; name: string; keys: Keys }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const error_text = useErrorText();
  const undoable = useUndoable();
  const saved = useRef(false);
  const [name, set_name] = useState(given_name);
  const [keys, set_keys] = useState(given);
  const [problems, set_problems] = useState<string[]>([]);
  const [busy, set_busy] = useState(false);
  const operations = id === null ? [] : key_operations(id, given, keys);
  useUnsaved(id === null ? name !== '' || Object.keys(keys).length > 0 : operations.length > 0, saved);

  const change = async (work: () => Promise<unknown>, told: string, to: ((answer: unknown) => string) | null) => {
    set_problems([]);
    set_busy(true);
    try {
      const answer = await work();
      saved.current = true;
      if (to) await navigate(to(answer), { replace: true });
      await undoable(told);
    } catch (error) {
      set_problems([error_text(error)]);
    }
    set_busy(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (id === null)
      void change(() => resources.create(kind.collection, { name: name.trim() || null, keys: sent_keys(keys) }), t('form.saved'), (answer) => `/funckeys/${String((answer as { data: { id?: number } }).data.id)}`);
    else if (operations.length > 0) void change(() => confd.post('/batch', { body: { operations } as never }), t('form.saved'), null);
  };
  const title = id === null ? t('kinds.funckeys.add') : given_name || t('form.unnamed', { id });
  return (
    <FormFrame
      title={title}
      back={{ to: '/funckeys', name: t('kinds.funckeys.many') }}
      problems={problems}
      busy={busy}
      submit={submit}
      erase={id === null ? undefined : () => change(() => resources.erase(kind.collection, id), t('form.erased', { name: title }), () => '/funckeys')}
    >
      <Card withBorder radius="md" padding="lg">
        <TextInput label={t('fields.name')} value={name} readOnly={id !== null} maxLength={128} onChange={(event) => set_name(event.currentTarget.value)} mb="lg" maw="26rem" />
        <KeysEditor value={keys} on_change={set_keys} />
      </Card>
    </FormFrame>
  );
}

export function TemplatePage({ kind, id }: { kind: Kind; id: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['confd', kind.collection, id],
    queryFn: ({ signal }) => resources.get(kind.collection, id, signal),
    enabled: id !== 'new',
  });
  if (id === 'new') return <TemplateForm kind={kind} id={null} name="" keys={{}} />;
  if (error) return <LoadFailed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  return <TemplateForm key={data.etag} kind={kind} id={id} name={String(data.data['name'] ?? '')} keys={(data.data['keys'] ?? {}) as Keys} />;
}
