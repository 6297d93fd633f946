// SPDX-License-Identifier: GPL-3.0-or-later
import { Button, Checkbox, Paper, PasswordInput, SegmentedControl, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/error';
import { Logo } from '@/components/Logo';
import { useErrorText } from '@/components/error_text';
import { Problem } from '@/components/Problem';
import { session, type Account, type Backend } from './session';
import classes from './SignIn.module.css';

interface Values {
  username: string;
  password: string;
  stay: boolean;
}

const kBackend = 'almon.backend';

/// @param ended whose session has ended: only he may go on with what is open.
export function SignInForm({ ended }: { ended?: Account | undefined }) {
  const { t } = useTranslation();
  const error_text = useErrorText();
  const [backend, set_backend] = useState<Backend>(
    ended?.backend ?? (localStorage.getItem(kBackend) === 'xivo_admin' ? 'xivo_admin' : 'xivo_user'),
  );
  const [problem, set_problem] = useState('');
  const form = useForm<Values>({ defaultValues: { username: ended?.username ?? '', password: '', stay: false } });
  const { errors, isSubmitting } = form.formState;

  const submit = form.handleSubmit(async ({ username, password, stay }) => {
    set_problem('');
    try {
      await session.sign_in(backend, username.trim(), password, stay);
      localStorage.setItem(kBackend, backend);
    } catch (error) {
      const wrong = error instanceof ApiError && error.status === 401;
      set_problem(wrong ? t('signIn.wrong') : error_text(error));
      if (wrong) form.resetField('password');
      form.setFocus('password');
    }
  });

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        {!ended && (
          <SegmentedControl
            fullWidth
            aria-label={t('signIn.as')}
            value={backend}
            onChange={(value) => set_backend(value as Backend)}
            data={[
              { value: 'xivo_user', label: t('signIn.person') },
              { value: 'xivo_admin', label: t('signIn.administrator') },
            ]}
          />
        )}
        <Problem data-testid="problem">{problem}</Problem>
        <TextInput
          label={t('signIn.username')}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          readOnly={ended !== undefined}
          error={errors.username && t('form.required')}
          {...form.register('username', { required: true })}
        />
        <PasswordInput
          label={t('signIn.password')}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.show'), tabIndex: 0 }}
          error={errors.password && t('form.required')}
          {...form.register('password', { required: true })}
        />
        <Checkbox label={t('signIn.stay')} {...form.register('stay')} />
        <Button type="submit" fullWidth loading={isSubmitting}>
          {t('signIn.submit')}
        </Button>
      </Stack>
    </form>
  );
}

export function SignInPage() {
  const { t } = useTranslation();
  return (
    <main className={classes.page}>
      <div className={classes.column}>
        <div className={classes.head}>
          <Logo size={52} />
          <Title order={1} size="h2">
            Almon
          </Title>
          <Text c="dimmed">{t('signIn.welcome')}</Text>
        </div>
        <Paper withBorder shadow="sm" radius="md" p="xl">
          <SignInForm />
        </Paper>
      </div>
    </main>
  );
}
