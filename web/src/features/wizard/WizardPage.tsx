// SPDX-License-Identifier: GPL-3.0-or-later
// The first run: what a system has to know before it is used. What was answered is kept in the browser until it is done,
// but for the password.
import { Button, Checkbox, Group, Paper, PasswordInput, Progress, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { confd } from '@/api/client';
import { ApiError, errors_by_field } from '@/api/error';
import type { WizardDiscover } from '@/api/generated/confd';
import { WizardShape } from '@/api/generated/confd';
import { useErrorText } from '@/components/error_text';
import { useLabels } from '@/components/form/labels';
import { Logo } from '@/components/Logo';
import { Problem } from '@/components/Problem';
import { session } from '@/features/session/session';
import { kLanguages, speak } from '@/i18n';
import licence from '../../../../LICENSE?raw';
import { body_of, complaints, field_of, first_answers, kAnswersOf, kSteps, type AnswerName, type Answers, type Complaint } from './answers';
import classes from './wizard.module.css';

const kKept = 'almon.wizard';
const kAdministrator = 'root';
const kPasswords: readonly AnswerName[] = ['admin_password', 'admin_password_again'];

interface Kept {
  step: number;
  answers: Partial<Answers>;
}

function kept(): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(kKept) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}
function keep(step: number, answers: Answers | null): void {
  try {
    if (answers === null) localStorage.removeItem(kKept);
    else localStorage.setItem(kKept, JSON.stringify({ step, answers: Object.fromEntries(Object.entries(answers).filter(([name]) => !kPasswords.includes(name as AnswerName))) }));
  } catch {
    // Then it begins anew when the page is loaded again.
  }
}

const kTimezone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
const zones = () => (Intl as unknown as { supportedValuesOf?: (what: string) => string[] }).supportedValuesOf?.('timeZone') ?? [];

/// Answers to begin with; passwords have to be given again, so nobody is taken behind their step.
function resumed(found: WizardDiscover): { step: number; answers: Answers } {
  const before = kept();
  const language = document.documentElement.lang.startsWith('fr') ? 'fr_FR' : 'en_US';
  const answers = { ...first_answers(found, kTimezone(), language), ...before?.answers };
  return { step: Math.min(before?.step ?? 0, kSteps.indexOf('configuration')), answers };
}

function Field({ name, answers, set, problem }: { name: AnswerName; answers: Answers; set: (part: Partial<Answers>) => void; problem: string | undefined }) {
  const { t } = useTranslation();
  const { choice_of } = useLabels();
  const common = { name, label: t(`wizard.fields.${name}`), error: problem };
  switch (name) {
    case 'license':
      return <Checkbox {...common} checked={answers.license} onChange={(event) => set({ license: event.currentTarget.checked })} />;
    case 'language':
      return (
        <Select
          {...common}
          allowDeselect={false}
          data={(WizardShape['language']?.enum ?? []).map((code) => ({ value: String(code), label: choice_of(String(code)) }))}
          value={answers.language}
          onChange={(language) => {
            set({ language: language ?? 'en_US' });
            const spoken = kLanguages.find(({ code }) => language?.startsWith(code));
            if (spoken) speak(spoken.code);
          }}
        />
      );
    case 'timezone': {
      const all = zones();
      return <Select {...common} searchable allowDeselect={false} limit={100} data={all.includes(answers.timezone) ? all : [answers.timezone, ...all]} value={answers.timezone} onChange={(timezone) => set({ timezone: timezone ?? 'UTC' })} />;
    }
    case 'admin_password':
    case 'admin_password_again':
      return <PasswordInput {...common} autoComplete="new-password" visibilityToggleButtonProps={{ 'aria-label': t('signIn.show'), tabIndex: 0 }} value={answers[name]} onChange={(event) => set({ [name]: event.currentTarget.value })} />;
    default:
      return <TextInput {...common} autoComplete="off" value={answers[name]} onChange={(event) => set({ [name]: event.currentTarget.value })} />;
  }
}

function Review({ answers }: { answers: Answers }) {
  const { t } = useTranslation();
  const { choice_of } = useLabels();
  const shown = (name: AnswerName) => {
    const value = answers[name];
    if (kPasswords.includes(name)) return '•'.repeat(String(value).length);
    return name === 'language' ? choice_of(String(value)) : value === true ? t('form.yes') : String(value) || '–';
  };
  return (
    <dl className={classes.review}>
      {kSteps.flatMap((step) => kAnswersOf[step]).filter((name) => name !== 'admin_password_again').map((name) => (
        <div key={name}>
          <dt>{t(`wizard.fields.${name}`)}</dt>
          <dd>{shown(name)}</dd>
        </div>
      ))}
    </dl>
  );
}

export function WizardPage({ found, done }: { found: WizardDiscover; done: () => void }) {
  const { t } = useTranslation();
  const error_text = useErrorText();
  const [{ step, answers }, set_state] = useState(() => resumed(found));
  const [wrong, set_wrong] = useState<Partial<Record<AnswerName, string>>>({});
  const [problem, set_problem] = useState('');
  const [busy, set_busy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const name = kSteps[step]!;
  useEffect(() => keep(step, answers), [step, answers]);

  const set = (part: Partial<Answers>) => set_state((before) => ({ ...before, answers: { ...before.answers, ...part } }));
  const go = (to: number) => {
    set_wrong({});
    set_problem('');
    set_state((before) => ({ ...before, step: to }));
    heading.current?.focus();
  };
  const complain = (found_wrong: Partial<Record<AnswerName, Complaint>>) =>
    set_wrong(Object.fromEntries(Object.entries(found_wrong).map(([field, complaint]) => [field, t(`wizard.wrong.${complaint}`)])));

  const finish = async () => {
    set_busy(true);
    set_problem('');
    try {
      await confd.post('/wizard', { body: body_of(answers) });
      keep(0, null);
      await session.sign_in('xivo_admin', kAdministrator, answers.admin_password, false);
    } catch (error) {
      if (error instanceof ApiError && error.status === 403) {
        // Somebody else has done it.
        keep(0, null);
        return done();
      }
      const { fields, rest } = error instanceof ApiError ? errors_by_field(error, error.sentences.flatMap((sentence) => /'([\w.]+)' /.exec(sentence)?.[1] ?? [])) : { fields: [], rest: [] };
      const told = fields.flatMap(({ field, reason }) => { const own = field_of(field); return own ? [[own, reason] as const] : []; });
      const first = kSteps.findIndex((candidate) => told.some(([own]) => kAnswersOf[candidate].includes(own)));
      if (first >= 0) {
        go(first);
        set_wrong(Object.fromEntries(told));
      } else {
        set_problem(rest.join(' ') || error_text(error));
      }
    } finally {
      set_busy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const mistakes = complaints(name, answers);
    if (Object.keys(mistakes).length > 0) return complain(mistakes);
    if (name === 'validation') void finish();
    else go(step + 1);
  };

  return (
    <main className={classes.page}>
      <div className={classes.column}>
        <Group mb="lg">
          <Logo size={40} />
          <Text fw={700} size="xl">
            Almon
          </Text>
        </Group>
        <Paper withBorder shadow="sm" radius="md" p="xl" component="form" onSubmit={submit} noValidate>
          <Stack gap="md">
            <div>
              <Text size="sm" c="dimmed" mb={6}>
                {t('wizard.step', { step: step + 1, steps: kSteps.length })}
              </Text>
              <Progress value={((step + 1) / kSteps.length) * 100} aria-label={t('wizard.step', { step: step + 1, steps: kSteps.length })} />
            </div>
            <Title order={1} size="h3" ref={heading} tabIndex={-1}>
              {t(`wizard.titles.${name}`)}
            </Title>
            <Text c="dimmed">{t(`wizard.about.${name}`)}</Text>
            <Problem>{problem}</Problem>
            {name === 'licence' && (
              // It scrolls, also with the keyboard.
              // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
              <pre className={classes.licence} lang="en" tabIndex={0} role="group" aria-label={t('wizard.titles.licence')}>
                {licence}
              </pre>
            )}
            {kAnswersOf[name].map((field) => (
              <Field key={field} name={field} answers={answers} set={set} problem={wrong[field]} />
            ))}
            {name === 'validation' && <Review answers={answers} />}
            <Group justify="space-between" mt="sm">
              <Button type="button" variant="default" disabled={step === 0 || busy} onClick={() => go(step - 1)}>
                {t('wizard.previous')}
              </Button>
              <Button type="submit" loading={busy}>
                {name === 'validation' ? t('wizard.validate') : t('wizard.next')}
              </Button>
            </Group>
          </Stack>
        </Paper>
      </div>
    </main>
  );
}
