// SPDX-License-Identifier: GPL-3.0-or-later
import { ActionIcon, Button, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@/components/icons';
import { useTranslation } from 'react-i18next';
import classes from '../components.module.css';

export interface Range {
  start: string;
  end?: string;
  did_length?: number;
}

interface Props {
  label: string;
  help?: string | undefined;
  value: Range[];
  on_change: (value: Range[]) => void;
  error?: string | undefined;
}

/// Ranges of numbers, from ... to ...
export function RangesField({ label, help, value, on_change, error }: Props) {
  const { t } = useTranslation();
  const change = (index: number, part: Partial<Range>) => on_change(value.map((range, at) => (at === index ? { ...range, ...part } : range)));
  return (
    <Fieldset legend={label} className={classes.wide}>
      <Stack gap="xs">
        {help && <Text size="xs" c="dimmed">{help}</Text>}
        {value.map((range, index) => (
          <Group key={index} gap="xs" align="end" wrap="nowrap">
            <TextInput label={t('form.from')} value={range.start} onChange={(event) => change(index, { start: event.currentTarget.value })} inputMode="numeric" />
            <TextInput label={t('form.to')} value={range.end ?? ''} onChange={(event) => change(index, { end: event.currentTarget.value })} inputMode="numeric" />
            <ActionIcon variant="default" size={36} aria-label={t('form.removeRange', { from: range.start })} onClick={() => on_change(value.filter((_, at) => at !== index))}>
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
        {error && <Text size="xs" c="var(--mantine-color-error)" role="alert">{error}</Text>}
        <div>
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => on_change([...value, { start: '', end: '' }])}>
            {t('form.addRange')}
          </Button>
        </div>
      </Stack>
    </Fieldset>
  );
}
