// SPDX-License-Identifier: GPL-3.0-or-later
// Function keys as they lie beside the display of a telephone.
import { Button, Group, Modal, Select, Stack, Switch, Text, TextInput, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { resources } from '@/api/client';
import { choice_name, kChoosable } from '@/components/form/choices';
import { useLabels } from '@/components/form/labels';
import { ReferenceSelect } from '@/components/form/ReferenceSelect';
import classes from './funckeys.module.css';
import { fresh_key, kKeyTypes, places_of, type Key, type Keys } from './keys';

interface Props {
  value: Keys;
  on_change: (keys: Keys) => void;
  /// Who must not see what there is in the office is offered what needs no such list.
  own?: boolean;
}

/// A key as it is drawn; who it leads to is asked of the server, where the person may know.
function DrawnKey({ position, given, own, open }: { position: number; given: Key | undefined; own: boolean; open: () => void }) {
  const { t } = useTranslation();
  const { choice_of } = useLabels();
  const { type, ...rest } = given?.destination ?? { type: '' };
  const { to, choice, texts } = kKeyTypes[type] ?? {};
  const collection = to ? kChoosable[to[0]].collection : '';
  const target = to ? String((rest as Record<string, unknown>)[to[1]] ?? '') : '';
  const { data } = useQuery({
    queryKey: ['confd', collection, target],
    queryFn: async ({ signal }) => (await resources.get(collection, target, signal)).data,
    enabled: target !== '' && !own,
  });
  const said = (name: string | undefined) => String((name !== undefined && (rest as Record<string, unknown>)[name]) || '');
  const word = given ? t(`funckeys.types.${type}` as 'funckeys.types.user') : t('funckeys.free');
  const detail = [choice ? choice_of(said(choice[0])) : '', data ? choice_name(data) : '', ...(texts ?? []).map(said)].filter(Boolean).join(' ');
  const name = given ? given.label || detail || word : String(position);
  const what = given?.inherited ? t('funckeys.inherited') : detail ? `${word}: ${detail}` : word;
  return (
    <UnstyledButton className={`${classes.key} ${given ? '' : classes.free}`} onClick={open}>
      <span className={classes.lamp} data-lit={(given && given.blf !== false) || undefined} aria-hidden />
      <span className={classes.text}>
        <VisuallyHidden>{given ? `${t('funckeys.position', { position })}: ` : `${t('funckeys.word')} `}</VisuallyHidden>
        <b>{name}</b>{' '}
        <small>{what}</small>
      </span>
    </UnstyledButton>
  );
}

function KeyForm({ position, given, own, done, remove }: { position: number; given: Key | undefined; own: boolean; done: (key: Key) => void; remove: () => void }) {
  const { t } = useTranslation();
  const { label_of, choice_of } = useLabels();
  const types = Object.keys(kKeyTypes).filter((type) => !own || kKeyTypes[type]!.own);
  const [key, set_key] = useState<Key>(() => given ?? fresh_key(types[0]!));
  const { type } = key.destination;
  const form = kKeyTypes[type] ?? {};
  const set = (name: string, value: unknown) => set_key({ ...key, destination: { ...key.destination, [name]: value } });
  const missing = (form.to && !key.destination[form.to[1]]) || (type !== 'forward' && form.texts?.some((name) => !key.destination[name]));
  return (
    <Stack gap="md">
      <Select
        label={t('funckeys.does')}
        allowDeselect={false}
        data={[...new Set([...types, type])].map((name) => ({ value: name, label: t(`funckeys.types.${name}` as 'funckeys.types.user') }))}
        value={type}
        onChange={(chosen) => chosen !== null && set_key({ ...fresh_key(chosen), label: key.label ?? null })}
      />
      {form.to && <ReferenceSelect key={type} kind={form.to[0]} label={t('destination.which')} allowDeselect={false} value={String(key.destination[form.to[1]] ?? '')} on_change={(id) => set(form.to![1], Number(id))} />}
      {form.choice && (
        <Select
          label={t('funckeys.which')}
          allowDeselect={false}
          data={form.choice[1].map((name) => ({ value: name, label: choice_of(name) }))}
          value={String(key.destination[form.choice[0]] ?? '')}
          onChange={(chosen) => chosen !== null && set(form.choice![0], chosen)}
        />
      )}
      {form.texts?.map((name) => <TextInput key={name} label={label_of(name)} inputMode="tel" value={String(key.destination[name] ?? '')} onChange={(event) => set(name, event.currentTarget.value)} />)}
      <TextInput label={label_of('label')} value={key.label ?? ''} maxLength={128} onChange={(event) => set_key({ ...key, label: event.currentTarget.value })} />
      <Switch label={t('funckeys.lamp')} checked={key.blf !== false} onChange={(event) => set_key({ ...key, blf: event.currentTarget.checked })} />
      <Group justify="space-between">
        {given ? (
          <Button variant="light" color="red" onClick={remove}>
            {t('funckeys.remove')}
          </Button>
        ) : (
          <span />
        )}
        <Button disabled={Boolean(missing)} onClick={() => done(key)}>
          {t('funckeys.set', { position })}
        </Button>
      </Group>
    </Stack>
  );
}

export function KeysEditor({ value, on_change, own = false }: Props) {
  const { t } = useTranslation();
  const [open, set_open] = useState<number | null>(null);
  const places = Array.from({ length: places_of(value) }, (_, index) => index + 1);
  const without = (position: number) => Object.fromEntries(Object.entries(value).filter(([known]) => known !== String(position)));
  const draw = (position: number) => <DrawnKey key={position} position={position} given={value[position]} own={own} open={() => set_open(position)} />;
  return (
    <div className={classes.phone} role="group" aria-label={t('funckeys.title')}>
      <div className={classes.column}>{places.filter((position) => position % 2 === 1).map(draw)}</div>
      <div className={classes.display} aria-hidden>
        <Text fw={700}>Almon</Text>
        <Text size="xs">{t('funckeys.about')}</Text>
      </div>
      <div className={classes.column}>{places.filter((position) => position % 2 === 0).map(draw)}</div>
      <Modal opened={open !== null} onClose={() => set_open(null)} title={t('funckeys.position', { position: open ?? 0 })} closeButtonProps={{ 'aria-label': t('form.close') }}>
        {open !== null && (
          <KeyForm
            key={open}
            position={open}
            given={value[open]}
            own={own}
            done={(key) => {
              on_change({ ...value, [open]: { ...key, inherited: false } });
              set_open(null);
            }}
            remove={() => {
              on_change(without(open));
              set_open(null);
            }}
          />
        )}
      </Modal>
    </div>
  );
}
