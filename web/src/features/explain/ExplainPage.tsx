// SPDX-License-Identifier: GPL-3.0-or-later
// Where a call would go, drawn step by step, without anybody's phone ringing.
import { Badge, Button, Card, Group, SegmentedControl, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { confd } from '@/api/client';
import type { CallExplanation } from '@/api/generated/confd';
import classes from '@/components/components.module.css';
import { useErrorText } from '@/components/error_text';
import { ContextSelect } from '@/components/form/ContextSelect';
import { ReferenceSelect } from '@/components/form/ReferenceSelect';
import { IconPhone, IconRoute } from '@/components/icons';
import { Problem } from '@/components/Problem';
import { Steps, type Step } from '@/components/Steps';
import { useNames } from '@/features/live/use_names';
import { question_of, type Asked } from './question';

function Result({ told }: { told: CallExplanation }) {
  const { t, i18n } = useTranslation();
  // Who rings again and again is named once.
  const rings = (told.rings ?? []).filter(({ endpoint }, index, all) => all.findIndex((ring) => ring.endpoint === endpoint) === index);
  const names = useNames(rings.map(({ user_uuid }) => user_uuid ?? null));
  const steps: Step[] = (told.steps ?? []).map(({ after, text }) => ({ after: after ?? 0, text: text ?? '' }));
  const end = told.ended ? t('explain.ends', { cause: told.cause?.text ?? '' }) : told.answered ? t('explain.answered') : t('explain.ringsOn');
  const when = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'full', timeStyle: 'short' });
  return (
    <Card withBorder radius="md" padding="lg" component="section" aria-label={t('explain.way')} data-testid="explanation">
      <Title order={2} size="h4" mb={4}>
        {t('explain.way')}
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {when.format(new Date(told.when ?? ''))}
      </Text>
      <Steps label={t('explain.way')} steps={[...steps, { after: null, text: end, end: true }]} />
      {rings.length > 0 && (
        <>
          <Title order={3} size="h5" mt="lg" mb="xs">
            {t('explain.rings')}
          </Title>
          <Group gap="xs">
            {rings.map((ring, index) => (
              <Badge key={index} size="lg" variant="light" leftSection={<IconPhone size={14} />} tt="none">
                {(ring.user_uuid && names.get(ring.user_uuid)) || ring.endpoint} · {t('explain.shows', { caller: [ring.caller_id?.name, ring.caller_id?.number].filter(Boolean).join(' ') })}
              </Badge>
            ))}
          </Group>
        </>
      )}
    </Card>
  );
}

export function ExplainPage() {
  const { t } = useTranslation();
  const error_text = useErrorText();
  const [asked, set_asked] = useState<Asked>({ from: 'user', user: '', context: '', number: '', to: '', when: '' });
  const set = (part: Partial<Asked>) => set_asked((before) => ({ ...before, ...part }));
  const explanation = useMutation({ mutationFn: async () => (await confd.post('/calls/explain', { body: question_of(asked) })).data });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    explanation.mutate();
  };
  const ready = asked.to.trim() !== '' && (asked.from === 'user' ? asked.user !== '' : asked.context !== '');
  return (
    <>
      <Title order={1} size="h2">
        {t('explain.title')}
      </Title>
      <Text c="dimmed" mb="lg">
        {t('explain.about')}
      </Text>
      <Stack gap="lg">
        <Card withBorder radius="md" padding="lg" component="form" onSubmit={submit} aria-label={t('explain.title')}>
          <Stack gap="md">
            <SegmentedControl
              aria-label={t('explain.caller')}
              value={asked.from}
              onChange={(from) => set({ from: from as Asked['from'] })}
              data={[
                { value: 'user', label: t('explain.fromUser') },
                { value: 'outside', label: t('explain.fromOutside') },
              ]}
            />
            <div className={classes.fields}>
              {asked.from === 'user' ? (
                <ReferenceSelect kind="users" label={t('explain.caller')} value={asked.user} on_change={(user) => set({ user })} />
              ) : (
                <>
                  <ContextSelect label={t('explain.context')} value={asked.context} on_change={(context) => set({ context })} />
                  <TextInput label={t('explain.callerNumber')} inputMode="tel" value={asked.number} onChange={(event) => set({ number: event.currentTarget.value })} />
                </>
              )}
              <TextInput label={t('explain.dialled')} inputMode="tel" value={asked.to} onChange={(event) => set({ to: event.currentTarget.value })} />
              <TextInput type="datetime-local" label={t('explain.when')} description={t('explain.whenHelp')} value={asked.when} onChange={(event) => set({ when: event.currentTarget.value })} />
            </div>
            <Group>
              <Button type="submit" disabled={!ready} loading={explanation.isPending} leftSection={<IconRoute size={18} />}>
                {t('explain.submit')}
              </Button>
            </Group>
          </Stack>
        </Card>
        <div aria-live="polite">
          {explanation.error && (
            <Problem>{error_text(explanation.error)}</Problem>
          )}
          {explanation.data && <Result told={explanation.data} />}
        </div>
      </Stack>
    </>
  );
}
