// SPDX-License-Identifier: GPL-3.0-or-later
// The same change for several users, as one change.
import { Button, Group, Modal, Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { confd } from '@/api/client';
import { UserShape } from '@/api/generated/confd';
import { useErrorText } from '@/components/error_text';
import { useLabels } from '@/components/form/labels';
import { ShapeField } from '@/components/form/ShapeField';
import { sent_value, values_of, type Values } from '@/components/form/shape_values';
import { useUndoable } from '@/components/form/undo';
import { IconUsers } from '@/components/icons';
import { Problem } from '@/components/Problem';

const kFields = ['language', 'ring_seconds', 'simultaneous_calls', 'outgoing_caller_id', 'music_on_hold', 'call_transfer_enabled', 'supervision_enabled', 'enabled'];
/// What the server takes as one change.
const kMostUsers = 1000;

interface FormValues extends Values {
  on: Record<string, boolean>;
  values: Values;
}

function BulkForm({ ids, done }: { ids: readonly string[]; done: () => void }) {
  const { t } = useTranslation();
  const { label_of } = useLabels();
  const error_text = useErrorText();
  const undoable = useUndoable();
  const [problem, set_problem] = useState('');
  const form = useForm<Values>({ defaultValues: { on: {}, values: values_of(UserShape, kFields, null) } });
  const on = (form.watch('on') ?? {}) as FormValues['on'];
  const submit = form.handleSubmit(async (given) => {
    set_problem('');
    const { on: wanted, values } = given as FormValues;
    const body = Object.fromEntries(kFields.filter((name) => wanted[name]).map((name) => [name, sent_value(UserShape[name]!, values[name])]));
    try {
      await confd.post('/batch', { body: { operations: ids.slice(0, kMostUsers).map((id) => ({ method: 'PUT', path: `/users/${id}`, body })) } as never });
      await undoable(t('bulk.done', { count: ids.length }));
      done();
    } catch (error) {
      set_problem(error_text(error));
    }
  });
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('bulk.about')}
        </Text>
        <Problem>{problem}</Problem>
        {kFields.map((name) => (
          <Stack key={name} gap={6}>
            <Controller
              name={`on.${name}`}
              control={form.control}
              render={({ field }) => <Switch size="xs" label={t('bulk.change', { field: label_of(name) })} checked={field.value === true} onChange={(event) => field.onChange(event.currentTarget.checked)} />}
            />
            {on[name] && <ShapeField name={name} path={`values.${name}`} field={UserShape[name]!} control={form.control} exists />}
          </Stack>
        ))}
        <Group justify="flex-end">
          <Button type="submit" loading={form.formState.isSubmitting} disabled={!kFields.some((name) => on[name])}>
            {t('bulk.apply')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

export function BulkEdit({ ids, done }: { ids: readonly string[]; done: () => void }) {
  const { t } = useTranslation();
  const [open, set_open] = useState(false);
  return (
    <>
      <Text size="sm" role="status">
        {t('bulk.selected', { count: ids.length })}
      </Text>
      <Button variant="light" leftSection={<IconUsers size={18} />} onClick={() => set_open(true)}>
        {t('bulk.edit')}
      </Button>
      <Modal opened={open} onClose={() => set_open(false)} title={t('bulk.edit')} closeButtonProps={{ 'aria-label': t('form.close') }}>
        <BulkForm ids={ids} done={done} />
      </Modal>
    </>
  );
}
