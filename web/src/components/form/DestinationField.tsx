// SPDX-License-Identifier: GPL-3.0-or-later
import { Fieldset, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from '../components.module.css';
import type { ChoosableKind } from './choices';
import { ContextSelect } from './ContextSelect';
import { useLabels } from './labels';
import { ReferenceSelect } from './ReferenceSelect';
import { SoundSelect } from './SoundSelect';

export type Destination = { type: string } & Record<string, unknown>;

/// What is said with each type of destination.
interface Form {
  /// The resource that it leads to, and the member that names it.
  to?: [kind: ChoosableKind, member: string];
  texts?: string[];
  flags?: string[];
  context?: boolean;
  sound?: string;
  choice?: [member: string, choices: string[]];
}
const kForms: Record<string, Form> = {
  none: {},
  user: { to: ['users_by_id', 'user_id'], texts: ['ring_time'] },
  group: { to: ['groups', 'group_id'], texts: ['ring_time'] },
  queue: { to: ['queues', 'queue_id'], texts: ['ring_time'] },
  meetme: { to: ['conferences', 'conference_id'] },
  ivr: { to: ['ivrs', 'ivr_id'] },
  voicemail: { to: ['voicemails', 'voicemail_id'], flags: ['skip_instructions'] },
  outcall: { to: ['outcalls', 'outcall_id'], texts: ['exten'] },
  extension: { texts: ['exten'], context: true },
  sound: { sound: 'filename', flags: ['skip', 'no_answer'] },
  hangup: { choice: ['cause', ['normal', 'busy', 'congestion']] },
  custom: { texts: ['command'] },
  application: { choice: ['application', ['callback_disa', 'directory', 'disa', 'fax_to_mail', 'voicemail']] },
};
const kApplications: Record<string, Form> = {
  callback_disa: { context: true, texts: ['pin'] },
  disa: { context: true, texts: ['pin'] },
  directory: { context: true },
  voicemail: { context: true },
  fax_to_mail: { texts: ['email'] },
};
const kNumbers = new Set(['ring_time']);

interface Props {
  label: string;
  help?: string | undefined;
  /// Null: nothing is said.
  value: Destination | null;
  on_change: (value: Destination) => void;
  error?: string | undefined;
}

/// Where a call goes.
export function DestinationField({ label, help, value, on_change, error }: Props) {
  const { t, i18n } = useTranslation();
  const { label_of, choice_of } = useLabels();
  const type = value?.type ?? 'none';
  const form = kForms[type] ?? {};
  const application = type === 'application' ? kApplications[String(value?.['application'] ?? '')] : undefined;
  const word = (name: string) => (i18n.exists(`destination.types.${name}`) ? (t as (key: string) => string)(`destination.types.${name}`) : name);
  const choose = (chosen: string) => {
    const choice = kForms[chosen]?.choice;
    on_change(choice ? { type: chosen, [choice[0]]: choice[1][0] } : { type: chosen });
  };
  const set = (name: string, given: unknown) => {
    const { [name]: unused, ...others } = value ?? { type };
    on_change((given === '' || given === null ? { ...others, type } : { ...others, type, [name]: given }) as Destination);
  };
  const fields = { ...form, ...application };
  return (
    <Fieldset legend={label} className={classes.wide}>
      {help && <Text size="xs" c="dimmed" mb="xs">{help}</Text>}
      <Stack gap="sm">
        <Select
          label={t('destination.kind')}
          allowDeselect={false}
          data={Object.keys(kForms).map((name) => ({ value: name, label: word(name) }))}
          value={type}
          onChange={(chosen) => chosen !== null && chosen !== type && choose(chosen)}
        />
        {form.to && <ReferenceSelect key={type} kind={form.to[0]} label={t('destination.which')} allowDeselect={false} value={String(value?.[form.to[1]] ?? '')} on_change={(id) => set(form.to![1], Number(id))} />}
        {form.choice && (
          <Select
            label={label_of(form.choice[0])}
            allowDeselect={false}
            data={form.choice[1].map((name) => ({ value: name, label: choice_of(name) }))}
            value={String(value?.[form.choice[0]] ?? '')}
            onChange={(chosen) => chosen !== null && on_change({ type, [form.choice![0]]: chosen })}
          />
        )}
        {fields.context && <ContextSelect label={t('fields.context')} value={String(value?.['context'] ?? '')} on_change={(context) => set('context', context)} />}
        {fields.sound && <SoundSelect label={label_of(fields.sound)} value={String(value?.[fields.sound] ?? '')} on_change={(sound) => set(fields.sound!, sound)} />}
        {fields.texts?.map((name) => (
          <TextInput
            key={name}
            label={label_of(name)}
            inputMode={kNumbers.has(name) ? 'numeric' : 'text'}
            value={String(value?.[name] ?? '')}
            onChange={(event) => {
              const text = event.currentTarget.value;
              set(name, kNumbers.has(name) && /^\d+$/.test(text) ? Number(text) : text);
            }}
          />
        ))}
        {fields.flags?.map((name) => <Switch key={name} label={label_of(name)} checked={value?.[name] === true} onChange={(event) => set(name, event.currentTarget.checked)} />)}
        {error && <Text size="xs" c="var(--mantine-color-error)" role="alert">{error}</Text>}
      </Stack>
    </Fieldset>
  );
}
