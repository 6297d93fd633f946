// SPDX-License-Identifier: GPL-3.0-or-later
import { ActionIcon, Button, Fieldset, Group, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@/components/icons';
import { useTranslation } from 'react-i18next';
import type { Field, Shape } from '@/api/shape';
import classes from '../components.module.css';
import { useLabels } from './labels';
import { sent_value } from './shape_values';

export type RowValues = Record<string, unknown>;

interface Props {
  label: string;
  help?: string | undefined;
  /// What a row has.
  shape: Shape;
  value: RowValues[];
  on_change: (value: RowValues[]) => void;
  error?: string | undefined;
}

function Cell({ name, field, value, on_change }: { name: string; field: Field; value: unknown; on_change: (value: unknown) => void }) {
  const { label_of, choice_of } = useLabels();
  const label = label_of(name);
  if (field.type === 'boolean') return <Switch label={label} checked={value === true} onChange={(event) => on_change(event.currentTarget.checked)} mb={8} />;
  if (field.enum)
    return (
      <Select
        label={label}
        data={field.enum.filter((choice) => choice !== null).map((choice) => ({ value: String(choice), label: choice_of(String(choice), name) }))}
        value={String(value ?? '') || null}
        onChange={on_change}
        allowDeselect={false}
      />
    );
  const text = Array.isArray(value) ? value.join(', ') : String(value ?? '');
  const typed = (typed_text: string) => on_change(field.type === 'array' ? typed_text.split(',').map((part) => part.trim()).filter(Boolean) : typed_text);
  return <TextInput label={label} value={text} inputMode={field.type === 'integer' ? 'numeric' : 'text'} onChange={(event) => typed(event.currentTarget.value)} miw={0} flex="1 1 8rem" />;
}

/// A list of small things, each a row of fields.
export function RowsField({ label, help, shape, value, on_change, error }: Props) {
  const { t } = useTranslation();
  // What is a list of things itself stays as it is.
  const fields = Object.entries(shape).filter(([, field]) => field.items?.type !== 'object');
  const change = (index: number, name: string, given: unknown) => {
    const field = shape[name];
    const taken = field?.type === 'integer' ? sent_value(field, given) : given;
    on_change(
      value.map((row, at) => {
        if (at !== index) return row;
        const { [name]: unused, ...others } = row;
        return taken === null ? others : { ...others, [name]: taken };
      }),
    );
  };
  return (
    <Fieldset legend={label} className={classes.wide}>
      <Stack gap="xs">
        {help && <Text size="xs" c="dimmed">{help}</Text>}
        {value.map((row, index) => (
          <Group key={index} gap="xs" align="end" role="group" aria-label={t('form.row', { label, number: index + 1 })}>
            {fields.map(([name, field]) => (
              <Cell key={name} name={name} field={field} value={row[name]} on_change={(given) => change(index, name, given)} />
            ))}
            <ActionIcon variant="default" size={36} aria-label={t('form.removeRow', { number: index + 1 })} onClick={() => on_change(value.filter((_, at) => at !== index))}>
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
        {error && <Text size="xs" c="var(--mantine-color-error)" role="alert">{error}</Text>}
        <div>
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => on_change([...value, Object.fromEntries(fields.flatMap(([name, field]) => (field.enum ? [[name, field.enum[0]]] : [])))])}>
            {t('form.addRow')}
          </Button>
        </div>
      </Stack>
    </Fieldset>
  );
}
