// SPDX-License-Identifier: GPL-3.0-or-later
import { ActionIcon, Button, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { IconPlus, IconTrash } from '@/components/icons';
import classes from '../components.module.css';
import { DestinationField, type Destination } from './DestinationField';

export interface IvrChoice {
  exten: string;
  destination: Destination;
}

interface Props {
  label: string;
  help?: string | undefined;
  value: IvrChoice[];
  on_change: (value: IvrChoice[]) => void;
  error?: string | undefined;
}

const kKeys = '1234567890*#';

/// What can be dialled in a menu, and where that leads.
export function IvrChoicesField({ label, help, value, on_change, error }: Props) {
  const { t } = useTranslation();
  const change = (index: number, part: Partial<IvrChoice>) => on_change(value.map((choice, at) => (at === index ? { ...choice, ...part } : choice)));
  const free = [...kKeys].find((key) => !value.some(({ exten }) => exten === key)) ?? '';
  return (
    <Fieldset legend={label} className={classes.wide}>
      <Stack gap="sm">
        {help && <Text size="xs" c="dimmed">{help}</Text>}
        {value.map((choice, index) => (
          <Group key={index} align="start" gap="sm" wrap="nowrap" role="group" aria-label={t('ivr.key', { key: choice.exten })}>
            <TextInput label={t('ivr.dialled')} value={choice.exten} onChange={(event) => change(index, { exten: event.currentTarget.value })} w="5.5rem" flex="0 0 auto" />
            <Stack flex={1} miw={0}>
              <DestinationField label={t('ivr.leadsTo', { key: choice.exten })} value={choice.destination} on_change={(destination) => change(index, { destination })} />
            </Stack>
            <ActionIcon variant="default" size={36} mt={24} aria-label={t('form.removeRow', { number: index + 1 })} onClick={() => on_change(value.filter((_, at) => at !== index))}>
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
        {error && <Text size="xs" c="var(--mantine-color-error)" role="alert">{error}</Text>}
        <div>
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => on_change([...value, { exten: free, destination: { type: 'none' } }])}>
            {t('ivr.addKey')}
          </Button>
        </div>
      </Stack>
    </Fieldset>
  );
}
