// SPDX-License-Identifier: GPL-3.0-or-later
import { PasswordInput, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Controller, type Control } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { confd } from '@/api/client';
import type { Field } from '@/api/shape';
import classes from '../components.module.css';
import type { ChoosableKind } from './choices';
import { ContextSelect } from './ContextSelect';
import { DestinationField, type Destination } from './DestinationField';
import { IvrChoicesField, type IvrChoice } from './IvrChoicesField';
import { useLabels } from './labels';
import { ManyField } from './ManyField';
import { OptionsField, type Options } from './OptionsField';
import { PeriodsField } from './PeriodsField';
import type { Period } from './periods';
import { ReferenceSelect } from './ReferenceSelect';
import { RowsField, type RowValues } from './RowsField';
import type { Values } from './shape_values';
import { SoundSelect } from './SoundSelect';

interface Props {
  /// Of the member.
  name: string;
  /// Where its value stands in the form, where that is not its name.
  path?: string;
  field: Field;
  control: Control<Values>;
  /// The resource exists: what is fixed cannot be changed any more.
  exists: boolean;
}

/// Members that name another resource.
const kReferences: Record<string, ChoosableKind> = {
  entity: 'entities', server: 'ldap_servers', ldap_filter: 'ldap_filters', display: 'directory_displays', sources: 'directory_sources', music_on_hold: 'moh',
};
const kLong = new Set(['description', 'certificate', 'private_key', 'message']);

function useTimezones(wanted: boolean): string[] {
  const { data } = useQuery({
    queryKey: ['confd', '/timezones'],
    queryFn: async ({ signal }) => ((await confd.get('/timezones', { signal })).data as { items?: Array<{ zone_name?: string }> }).items ?? [],
    enabled: wanted,
    staleTime: Infinity,
  });
  return wanted ? (data ?? []).flatMap(({ zone_name }) => zone_name ?? []) : [];
}

/// The field of a form that a member of a resource asks for, by its type and its limits.
export function ShapeField({ name, path = name, field, control, exists }: Props) {
  const { t } = useTranslation();
  const { label_of, help_of, choice_of } = useLabels();
  const zones = useTimezones(name === 'timezone');
  return (
    <Controller
      name={path}
      control={control}
      render={({ field: { value, onChange, onBlur, ref }, fieldState: { error } }) => {
        const told = { label: label_of(name), error: error?.message };
        const common = { ...told, ref, description: help_of(name, field), onBlur, disabled: exists && field.fixed === true, withAsterisk: field.required === true && !(exists && field.secret) };
        const group = { ...told, help: common.description, on_change: onChange };
        if (name.endsWith('destination')) return <DestinationField {...group} value={value as Destination | null} />;
        if (field.type === 'array' && field.items?.type === 'object') {
          if (name.endsWith('_periods')) return <PeriodsField {...group} with_destination={name === 'exceptional_periods'} value={(value ?? []) as Period[]} />;
          if (name === 'choices') return <IvrChoicesField {...group} value={(value ?? []) as IvrChoice[]} />;
          return <RowsField {...group} shape={field.items.properties ?? {}} value={(value ?? []) as RowValues[]} />;
        }
        if (field.type === 'object' || (field.type === 'array' && field.items?.type === 'array'))
          return <OptionsField {...group} as_list={field.type === 'array'} value={value as Options | null} />;
        const reference = kReferences[name];
        if (field.type === 'array') {
          if (reference) return <ManyField kind={reference} label={told.label} help={common.description} value={((value ?? []) as number[]).map((id) => ({ id }))} on_change={(members) => onChange(members.map(({ id }) => Number(id)))} />;
          return <TagsInput {...common} className={classes.wide} value={((value ?? []) as Array<string | number>).map(String)} onChange={onChange} splitChars={[',', ';', ' ']} acceptValueOnBlur />;
        }
        if (name === 'context' || name === 'callback_context') return <ContextSelect {...common} value={String(value ?? '')} on_change={onChange} />;
        if (reference) return <ReferenceSelect {...common} kind={reference} clearable={field.required !== true} value={String(value ?? '')} on_change={onChange} />;
        if (field.type === 'boolean')
          return <Switch ref={ref} label={common.label} description={common.description} error={error?.message} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} onBlur={onBlur} mt="xs" />;
        const choices = field.enum?.filter((choice) => choice !== null && choice !== '').map((choice) => ({ value: String(choice), label: choice_of(String(choice), name) })) ?? (zones.length > 0 ? zones.map((zone) => ({ value: zone, label: zone })) : null);
        if (choices)
          return (
            <Select
              {...common}
              data={choices}
              value={String(value ?? '') || null}
              onChange={(chosen) => onChange(chosen ?? '')}
              searchable={zones.length > 0}
              limit={100}
              clearable={field.nullable === true}
              placeholder={t('form.notSet')}
            />
          );
        const text = { ...common, value: String(value ?? ''), onChange };
        if (field.secret && !kLong.has(name))
          return <PasswordInput {...text} placeholder={exists ? t('form.unchanged') : ''} autoComplete="new-password" visibilityToggleButtonProps={{ 'aria-label': t('signIn.show'), tabIndex: 0 }} />;
        if (kLong.has(name)) return <Textarea {...text} className={classes.wide} autosize minRows={2} maxRows={8} />;
        if (name.endsWith('_sound')) return <SoundSelect {...common} value={String(value ?? '')} on_change={onChange} />;
        if (field.type === 'integer' || field.type === 'number') return <TextInput {...text} inputMode="numeric" />;
        return <TextInput {...text} type={name === 'email' ? 'email' : 'text'} autoComplete="off" />;
      }}
    />
  );
}
