// SPDX-License-Identifier: GPL-3.0-or-later
import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { ConfirmButton } from '../ConfirmButton';
import { IconArrowLeft, IconTrash } from '../icons';
import { Problem } from '../Problem';
import classes from '../components.module.css';

interface Props {
  title: string;
  /// Where it is listed.
  back: { to: string; name: string } | null;
  problems: readonly string[];
  busy: boolean;
  submit: (event: FormEvent) => void;
  /// Not offered where there is nothing to be saved.
  saves?: boolean;
  erase?: (() => Promise<void>) | undefined;
  erase_question?: string;
  actions?: ReactNode;
  children: ReactNode;
}

/// What surrounds the fields of a form.
export function FormFrame({ title, back, problems, busy, submit, saves = true, erase, erase_question, actions, children }: Props) {
  const { t } = useTranslation();
  return (
    <form onSubmit={submit} noValidate>
      {back && (
        <Anchor component={Link} to={back.to} size="sm">
          <Group gap={4}>
            <IconArrowLeft size={16} />
            {back.name}
          </Group>
        </Anchor>
      )}
      <Group className={classes.head} mt="xs">
        <Title order={1} size="h2">
          {title}
        </Title>
        <Group gap="sm">
          {actions}
          {erase && <ConfirmButton icon={<IconTrash size={18} />} label={t('form.erase')} question={erase_question ?? t('form.eraseQuestion', { name: title })} confirmed={erase} />}
        </Group>
      </Group>
      <Stack gap="lg">
        {problems.length > 0 && (
          <Problem>
            {problems.map((problem) => (
              <Text key={problem} size="sm">
                {problem}
              </Text>
            ))}
          </Problem>
        )}
        {children}
      </Stack>
      {saves && (
        <div className={classes.formEnd}>
          <Button type="submit" loading={busy}>
            {t('form.save')}
          </Button>
          {back && (
            <Button variant="default" component={Link} to={back.to}>
              {t('form.cancel')}
            </Button>
          )}
        </div>
      )}
    </form>
  );
}
