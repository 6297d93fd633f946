// SPDX-License-Identifier: GPL-3.0-or-later
import { PasswordInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { Controller, type Control } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { Field } from '@/api/shape';
import classes from '../components.module.css';
import { DestinationField, type Destination } from './DestinationField';
import { RangesField, type Range } from './RangesField';
import { useLabels } from './labels';
import type { Values } from './shape_values';
import { ContextSelect } from './ContextSelect';

interface Props {
  name: string;
  field: Field;
  control: Control<Values>;
  /// The resource exists: what is fixed cannot be changed any more.
  exists: boolean;
}

/// The field of a form that a member of a resource asks for, by its type and its limits.
export function ShapeField({ name, field, control, exists }: Props) {
  const { t } = useTranslation();
  const { label_of, help_of, choice_of } = useLabels();
  return (
    <Controller
      name={name}
      control={control}
      render={({ field: { value, onChange, onBlur, ref }, fieldState: { error } }) => {
        const common = {
          ref,
          label: label_of(name),
          description: help_of(name, field),
          error: error?.message,
          onBlur,
          disabled: exists && field.fixed === true,
          withAsterisk: field.required === true,
        };
        if (name === 'destination') return <DestinationField label={common.label} value={value as Destination | null} on_change={onChange} error={error?.message} />;
        if (name.endsWith('_ranges')) return <RangesField label={common.label} help={common.description} value={(value ?? []) as Range[]} on_change={onChange} error={error?.message} />;
        if (name === 'context') return <ContextSelect {...common} value={String(value ?? '')} on_change={onChange} />;
        if (field.type === 'boolean')
          return <Switch ref={ref} label={common.label} description={common.description} error={error?.message} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} onBlur={onBlur} mt="xs" />;
        if (field.enum)
          return (
            <Select
              {...common}
              data={field.enum.filter((choice) => choice !== null && choice !== '').map((choice) => ({ value: String(choice), label: choice_of(String(choice)) }))}
              value={String(value ?? '') || null}
              onChange={(chosen) => onChange(chosen ?? '')}
              clearable={field.nullable === true}
              placeholder={t('form.notSet')}
            />
          );
        const text = { ...common, value: String(value ?? ''), onChange };
        if (field.secret) return <PasswordInput {...text} autoComplete="new-password" visibilityToggleButtonProps={{ 'aria-label': t('signIn.show'), tabIndex: 0 }} />;
        if (name === 'description') return <Textarea {...text} className={classes.wide} autosize minRows={2} maxRows={8} />;
        if (field.type === 'integer') return <TextInput {...text} inputMode="numeric" />;
        return <TextInput {...text} type={name === 'email' ? 'email' : 'text'} autoComplete="off" />;
      }}
    />
  );
}
