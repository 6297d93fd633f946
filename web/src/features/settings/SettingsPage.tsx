// SPDX-License-Identifier: GPL-3.0-or-later
import { Anchor, Card, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router-dom';
import { singletons } from '@/api/client';
import { ApiError, errors_by_field } from '@/api/error';
import classes from '@/components/components.module.css';
import { useErrorText } from '@/components/error_text';
import { ShapeField } from '@/components/form/ShapeField';
import { resolver_of, sent_value, values_of, type Values } from '@/components/form/shape_values';
import { useUndoable } from '@/components/form/undo';
import { useUnsaved } from '@/components/form/use_unsaved';
import { LoadFailed } from '@/components/LoadFailed';
import { Loading } from '@/components/Loading';
import { NotFound } from '@/components/NotFound';
import { FormFrame } from '@/components/form/FormFrame';
import { kSettings, type Setting } from './settings';

export function SettingsPage() {
  const { t } = useTranslation();
  return (
    <>
      <Title order={1} size="h2" mb="lg">
        {t('settings.title')}
      </Title>
      <div className={classes.fields}>
        {kSettings.map(({ key }) => (
          <Card key={key} withBorder radius="md" padding="md">
            <Anchor component={Link} to={`/settings/${key}`} fw={600}>
              {t(`settings.names.${key}`)}
            </Anchor>
            <Text size="sm" c="dimmed">
              {t(`settings.about.${key}`)}
            </Text>
          </Card>
        ))}
      </div>
    </>
  );
}

function SettingForm({ setting, values, etag }: { setting: Setting; values: Record<string, unknown>; etag: string | null }) {
  const { t } = useTranslation();
  const error_text = useErrorText();
  const undoable = useUndoable();
  const saved = useRef(false);
  const [problems, set_problems] = useState<string[]>([]);
  const names = Object.keys(setting.shape);
  const [before] = useState<Values>(() => values_of(setting.shape, names, values));
  const form = useForm<Values>({ defaultValues: before, resolver: resolver_of(setting.shape, true, ({ key, ...rest }) => t(key, rest)) });
  useUnsaved(form.formState.isDirty, saved);
  const submit = form.handleSubmit(async (given) => {
    set_problems([]);
    try {
      // They are replaced as a whole.
      await singletons.update(setting.path, Object.fromEntries(names.map((name) => [name, sent_value(setting.shape[name]!, given[name])])), etag);
      form.reset(given);
      await undoable(t('form.saved'));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 400) return set_problems([error_text(error)]);
      const { fields, rest } = errors_by_field(error, names);
      for (const { field, reason } of fields) form.setError(field, { type: 'server', message: reason });
      set_problems(rest);
    }
  });
  return (
    <FormFrame title={t(`settings.names.${setting.key}`)} back={{ to: '/settings', name: t('settings.title') }} problems={problems} busy={form.formState.isSubmitting} submit={(event) => void submit(event)}>
      <Card withBorder radius="md" padding="lg">
        <div className={classes.fields}>
          {names.map((name) => (
            <ShapeField key={name} name={name} field={setting.shape[name]!} control={form.control} exists />
          ))}
        </div>
      </Card>
    </FormFrame>
  );
}

export function SettingPage() {
  const { key = '' } = useParams();
  const setting = kSettings.find((candidate) => candidate.key === key);
  const { data, error, refetch } = useQuery({
    queryKey: ['confd', setting?.path],
    queryFn: ({ signal }) => singletons.get(setting?.path ?? '', signal),
    enabled: setting !== undefined,
  });
  if (!setting) return <NotFound />;
  if (error) return <LoadFailed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  return <SettingForm key={JSON.stringify(data)} setting={setting} values={data.data} etag={data.etag} />;
}
