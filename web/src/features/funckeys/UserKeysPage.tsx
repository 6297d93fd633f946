// SPDX-License-Identifier: GPL-3.0-or-later
// The function keys of a user: set by himself, or by an administrator, who may also give him a template.
import { Anchor, Button, Group, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router-dom';
import { confd } from '@/api/client';
import { useErrorText } from '@/components/error_text';
import { ReferenceSelect } from '@/components/form/ReferenceSelect';
import { useUnsaved } from '@/components/form/use_unsaved';
import { IconArrowLeft } from '@/components/icons';
import { LoadFailed } from '@/components/LoadFailed';
import { Loading } from '@/components/Loading';
import { Problem } from '@/components/Problem';
import { useAccount } from '@/features/session/use_session';
import { KeysEditor } from './KeysEditor';
import { sent_keys, type Keys } from './keys';

interface Held {
  keys: Keys;
  /// Number of the template; empty: none.
  template: string;
}

function UserKeys({ id, own, held }: { id: string; own: boolean; held: Held }) {
  const { t } = useTranslation();
  const error_text = useErrorText();
  const queries = useQueryClient();
  const saved = useRef(false);
  const [keys, set_keys] = useState(held.keys);
  const [problem, set_problem] = useState('');
  const dirty = keys !== held.keys;
  useUnsaved(dirty, saved);
  const path = { user_id: id };
  const change = async (work: () => Promise<unknown>) => {
    set_problem('');
    try {
      await work();
      await queries.invalidateQueries();
    } catch (error) {
      set_problem(error_text(error));
    }
  };
  const choose = (template: string) =>
    change(() =>
      template === ''
        ? confd.delete('/users/{user_id}/funckeys/templates/{template_id}', { path: { ...path, template_id: Number(held.template) } })
        : confd.put('/users/{user_id}/funckeys/templates/{template_id}', { path: { ...path, template_id: Number(template) } }),
    );
  return (
    <>
      <Problem mb="lg">{problem}</Problem>
      {!own && <ReferenceSelect kind="templates" label={t('funckeys.template')} clearable disabled={dirty} value={held.template} on_change={(template) => void choose(template)} mb="lg" maw="26rem" />}
      <KeysEditor own={own} value={keys} on_change={set_keys} />
      <Button mt="lg" disabled={!dirty} onClick={() => void change(() => confd.put('/users/{user_id}/funckeys', { path, body: { keys: sent_keys(keys) } as never }))}>
        {t('form.save')}
      </Button>
    </>
  );
}

/// @param own the person's own.
export function UserKeysPage({ own }: { own: boolean }) {
  const { t } = useTranslation();
  const { user_uuid } = useAccount();
  const { id: named = '' } = useParams();
  const id = own ? (user_uuid ?? '') : named;
  const { data, error, refetch } = useQuery({
    queryKey: ['confd', '/users', id, 'keys'],
    queryFn: async ({ signal }): Promise<Held> => {
      const { keys } = (await confd.get('/users/{user_id}/funckeys', { path: { user_id: id }, signal })).data as { keys?: Keys };
      const template = own ? null : (await confd.get('/users/{user_id}/funckeys/templates', { path: { user_id: id }, signal })).data.template_id;
      return { keys: keys ?? {}, template: String(template ?? '') };
    },
  });
  return (
    <>
      {!own && (
        <Anchor component={Link} to={`/users/${id}`} size="sm">
          <Group gap={4}>
            <IconArrowLeft size={16} />
            {t('fields.user')}
          </Group>
        </Anchor>
      )}
      <Title order={1} size="h2">
        {t('funckeys.title')}
      </Title>
      <Text c="dimmed" mb="lg">
        {t('person.keysAbout')}
      </Text>
      {error && <LoadFailed error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && <UserKeys key={JSON.stringify(data)} id={id} own={own} held={data} />}
    </>
  );
}
