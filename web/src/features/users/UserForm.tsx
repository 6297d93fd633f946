// SPDX-License-Identifier: GPL-3.0-or-later
// A user with his line, number, SIP account and voicemail in one form, saved as one change.
import { Anchor, Button, Card, CopyButton, PasswordInput, Switch, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconKey } from '@/components/icons';
import { useRef, useState, type ReactNode } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router-dom';
import { confd } from '@/api/client';
import { ApiError, errors_by_field } from '@/api/error';
import { UserShape, type User } from '@/api/generated/confd';
import classes from '@/components/components.module.css';
import { useErrorText } from '@/components/error_text';
import { ContextSelect } from '@/components/form/ContextSelect';
import { FormFrame } from '@/components/form/FormFrame';
import { useLabels } from '@/components/form/labels';
import { ManyField, type Member } from '@/components/form/ManyField';
import { ShapeField } from '@/components/form/ShapeField';
import { body_of, resolver_of, values_of, type Values } from '@/components/form/shape_values';
import { useUndoable } from '@/components/form/undo';
import { useUnsaved } from '@/components/form/use_unsaved';
import { kUserJoined } from '@/features/resources/kinds';
import { plan_joined, shown_at } from '@/features/resources/resource_plan';
import { changes, creation, erasure, type Operation, type Phone, type Present } from './user_plan';

const kIdentity = ['firstname', 'lastname', 'email', 'mobile_phone_number', 'language', 'description'];
const kSignIn = ['username', 'password'];
const kCalls = ['caller_id', 'outgoing_caller_id', 'ring_seconds', 'simultaneous_calls', 'music_on_hold', 'call_transfer_enabled', 'supervision_enabled', 'enabled'];
const kNames = [...kIdentity, ...kSignIn, ...kCalls];
const kPhone = ['exten', 'context', 'voicemail', 'voicemail_password'] as const;

function present_of(user: User): Present {
  const line = user.lines?.[0];
  const extension = line?.extensions?.[0];
  return {
    user_id: user.id ?? 0,
    line_id: line?.id ?? null,
    extension_id: extension?.id ?? null,
    exten: extension?.exten ?? '',
    context: extension?.context ?? '',
    voicemail_id: user.voicemail?.id ?? null,
    name: [user.firstname, user.lastname].filter(Boolean).join(' '),
  };
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card withBorder radius="md" padding="lg" component="section" aria-label={title}>
      <Title order={2} size="h4" mb="md">
        {title}
      </Title>
      <div className={classes.fields}>{children}</div>
    </Card>
  );
}

/// What is typed into a telephone, or scanned by it one day.
function SipAccount({ endpoint_id }: { endpoint_id: number }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ['confd', '/endpoints/sip', endpoint_id],
    queryFn: async ({ signal }) => (await confd.get('/endpoints/sip/{sip_id}', { path: { sip_id: endpoint_id }, signal })).data,
  });
  const secret = data?.secret ?? '';
  return (
    <>
      <TextInput label={t('users.sipUsername')} description={t('users.sipHelp')} value={data?.username ?? ''} readOnly />
      <PasswordInput
        label={t('users.sipPassword')}
        description={
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Anchor component="button" type="button" size="xs" onClick={copy}>
                {copied ? t('users.copied') : t('users.copy')}
              </Anchor>
            )}
          </CopyButton>
        }
        value={secret}
        readOnly
        autoComplete="off"
        visibilityToggleButtonProps={{ 'aria-label': t('signIn.show'), tabIndex: 0 }}
      />
    </>
  );
}

interface Props {
  /// Null: a new one.
  user: User | null;
  etag: string | null;
  context: string;
  suggestion: string;
}

export function UserForm({ user, etag, context, suggestion }: Props) {
  const { t } = useTranslation();
  const { label_of } = useLabels();
  const navigate = useNavigate();
  const error_text = useErrorText();
  const undoable = useUndoable();
  const saved = useRef(false);
  const [problems, set_problems] = useState<string[]>([]);
  const present = user ? present_of(user) : null;
  const [before] = useState<Values>(() => values_of(UserShape, kNames, user as Record<string, unknown> | null));
  const [phone_before] = useState<Phone>(() => ({
    exten: present?.exten ?? suggestion,
    context: present?.context || context,
    voicemail: present?.voicemail_id != null,
    voicemail_password: '',
  }));
  const [joined_before] = useState<Member[][]>(() => kUserJoined.map(({ shown }) => shown_at(user as Record<string, unknown> | null, shown)));
  const form = useForm<Values>({
    defaultValues: { ...before, ...phone_before, joined: joined_before },
    resolver: resolver_of(UserShape, present !== null, ({ key, ...rest }) => t(key, rest)),
  });
  const { isDirty, isSubmitting } = form.formState;
  useUnsaved(isDirty, saved);

  const refused = (error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 400) return set_problems([error_text(error)]);
    const { fields, rest } = errors_by_field(error, [...kNames, ...kPhone]);
    for (const { field, reason } of fields) form.setError(field, { type: 'server', message: reason });
    set_problems(rest);
  };

  const carry_out = async (operations: Operation[]): Promise<unknown[]> => {
    const answer = (await confd.post('/batch', { body: { operations } as never })).data as { results?: unknown[] };
    return answer.results ?? [];
  };

  const submit = form.handleSubmit(async (values) => {
    set_problems([]);
    const own = Object.fromEntries(kNames.map((name) => [name, values[name]]));
    const phone = Object.fromEntries(kPhone.map((name) => [name, values[name]])) as unknown as Phone;
    phone.exten = phone.exten.trim();
    const joined_after = values['joined'] as Member[][];
    const with_joined = (operations: Operation[]) => {
      const own = String(present?.user_id ?? '${0.id}');
      kUserJoined.forEach((joined, index) => plan_joined(operations, `/users/${own}`, own, { joined, before: joined_before[index] ?? [], after: joined_after[index] ?? [] }));
      return operations;
    };
    try {
      if (present === null) {
        const answers = await carry_out(with_joined(creation(body_of(UserShape, own, null), phone)));
        const id = (answers[0] as { body?: { id?: number } } | undefined)?.body?.id;
        saved.current = true;
        await navigate(id === undefined ? '/users' : `/users/${id}`, { replace: true });
        await undoable(t('users.created', { name: own['firstname'] as string }));
        return;
      }
      const body = body_of(UserShape, own, before);
      const operations = with_joined(changes(body, phone, { ...present, context: present.context || context }));
      if (operations.length === 1 && operations[0]?.method === 'PUT' && operations[0].path === `/users/${present.user_id}`)
        await confd.put('/users/{user_id}', { path: { user_id: String(present.user_id) }, body: body as User, headers: etag ? { 'If-Match': etag } : {} });
      else if (operations.length > 0) await carry_out(operations);
      form.reset(values);
      await undoable(t('form.saved'));
    } catch (error) {
      refused(error);
    }
  });

  const endpoint_id = user?.lines?.[0]?.endpoint_sip?.id ?? null;
  const erase = async () => {
    if (present === null) return;
    try {
      await carry_out(erasure(present, endpoint_id));
      saved.current = true;
      await navigate('/users');
      await undoable(t('form.erased', { name: present.name }));
    } catch (error) {
      refused(error);
    }
  };

  const fields = (names: string[]) =>
    names.map((name) => {
      const field = UserShape[name];
      return field && <ShapeField key={name} name={name} field={field} control={form.control} exists={user !== null} />;
    });
  const voicemail = form.watch('voicemail') === true;
  const number_error = form.formState.errors['exten']?.message as string | undefined;

  return (
    <FormFrame
      title={present?.name ?? t('users.add')}
      back={{ to: '/users', name: t('users.title') }}
      problems={problems}
      busy={isSubmitting}
      submit={(event) => void submit(event)}
      erase={present ? erase : undefined}
      erase_question={t('users.eraseQuestion', { name: present?.name ?? '' })}
      actions={
        present && (
          <Button component={Link} to={`/users/${present.user_id}/keys`} variant="default" leftSection={<IconKey size={18} />}>
            {t('funckeys.title')}
          </Button>
        )
      }
    >
      <Section title={t('users.person')}>{fields(kIdentity)}</Section>
      <Section title={t('users.phone')}>
        <TextInput label={t('users.number')} description={t('users.numberHelp')} error={number_error} inputMode="numeric" {...form.register('exten')} />
        <Controller
          name="context"
          control={form.control}
          render={({ field }) => <ContextSelect label={t('fields.context')} description={t('users.contextHelp')} value={String(field.value ?? '')} on_change={field.onChange} />}
        />
        {endpoint_id !== null && <SipAccount endpoint_id={endpoint_id} />}
        <Controller
          name="voicemail"
          control={form.control}
          render={({ field }) => (
            <Switch className={classes.wide} label={t('users.voicemail')} description={t('users.voicemailHelp')} checked={field.value === true} onChange={(event) => field.onChange(event.currentTarget.checked)} />
          )}
        />
        {voicemail && present?.voicemail_id == null && <TextInput label={t('users.voicemailPassword')} inputMode="numeric" autoComplete="off" {...form.register('voicemail_password')} />}
      </Section>
      <Section title={t('users.signIn')}>{fields(kSignIn)}</Section>
      <Section title={t('users.calls')}>{fields(kCalls)}</Section>
      <Section title={t('users.rights')}>
        {kUserJoined.map(({ name, kind, most }, index) => (
          <Controller
            key={name}
            name={`joined.${index}`}
            control={form.control}
            render={({ field }) => <ManyField kind={kind} label={label_of(name)} most={most} value={(field.value ?? []) as Member[]} on_change={field.onChange} />}
          />
        ))}
      </Section>
    </FormFrame>
  );
}
