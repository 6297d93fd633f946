// SPDX-License-Identifier: GPL-3.0-or-later
import { ActionIcon, Button, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ContextSelect } from '@/components/form/ContextSelect';
import classes from '@/components/components.module.css';
import { useLabels } from '@/components/form/labels';
import { IconPlus, IconTrash } from '@/components/icons';
import type { Dialled } from './resource_plan';

interface Props {
  context: string;
  value: Dialled[];
  on_change: (value: Dialled[]) => void;
}

const kTexts = ['prefix', 'external_prefix', 'caller_id'];

/// Numbers that are dialled to get out, and what is sent in their place.
export function DialledField({ context, value, on_change }: Props) {
  const { t } = useTranslation();
  const { label_of } = useLabels();
  const change = (index: number, part: Dialled) => on_change(value.map((row, at) => (at === index ? { ...row, ...part } : row)));
  return (
    <Fieldset legend={t('outcalls.dialled')} className={classes.wide}>
      <Stack gap="sm">
        <Text size="xs" c="dimmed">
          {t('outcalls.dialledHelp')}
        </Text>
        {value.map((row, index) => (
          <Group key={index} gap="xs" align="end" role="group" aria-label={t('form.row', { label: t('outcalls.dialled'), number: index + 1 })}>
            <TextInput label={t('fields.exten')} placeholder="_0XXXXXXX." value={String(row.exten ?? '')} onChange={(event) => change(index, { exten: event.currentTarget.value })} miw={0} flex="1 1 9rem" />
            <ContextSelect label={t('fields.context')} value={String(row.context ?? '')} on_change={(name) => change(index, { context: name })} />
            <TextInput label={t('fields.strip_digits')} inputMode="numeric" value={String(row['strip_digits'] ?? 0)} onChange={(event) => change(index, { strip_digits: Number(event.currentTarget.value.replace(/\D/g, '')) })} w="7rem" />
            {kTexts.map((name) => (
              <TextInput key={name} label={label_of(name)} value={String(row[name] ?? '')} onChange={(event) => change(index, { [name]: event.currentTarget.value || null })} miw={0} flex="1 1 8rem" />
            ))}
            <ActionIcon variant="default" size={36} aria-label={t('form.removeRow', { number: index + 1 })} onClick={() => on_change(value.filter((_, at) => at !== index))}>
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
        <div>
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => on_change([...value, { exten: '', context, strip_digits: 0 }])}>
            {t('outcalls.addDialled')}
          </Button>
        </div>
      </Stack>
    </Fieldset>
  );
}
