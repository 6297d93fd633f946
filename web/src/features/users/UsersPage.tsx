// SPDX-License-Identifier: GPL-3.0-or-later
import { Anchor, Badge, Button, Group, Title } from '@mantine/core';
import type { ColumnDef } from '@tanstack/react-table';
import { IconPlus, IconUpload, IconUsers } from '@/components/icons';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { DataTable, type Row } from '@/components/DataTable';
import { EmptyState } from '@/components/EmptyState';
import classes from '@/components/components.module.css';
import { choice_name } from '@/components/form/choices';
import { BulkEdit } from './BulkEdit';

const kSortable = ['firstname', 'lastname', 'email', 'enabled'];

export function UsersPage() {
  const { t } = useTranslation();
  const [chosen, set_chosen] = useState<ReadonlySet<string>>(new Set());
  const columns = useMemo((): Array<ColumnDef<Row>> => {
    const text = (id: string, header: string, optional = false): ColumnDef<Row> => ({ id, header, meta: { optional }, cell: ({ row }) => String(row.original[id] ?? '') });
    return [
      {
        id: 'firstname',
        header: t('fields.firstname'),
        cell: ({ row }) => (
          <Anchor component={Link} to={`/users/${String(row.original['id'])}`} fw={500} size="sm">
            {String(row.original['firstname'] ?? '')}
          </Anchor>
        ),
      },
      text('lastname', t('fields.lastname')),
      text('extension', t('users.number')),
      text('context', t('fields.context'), true),
      text('email', t('fields.email'), true),
      text('provisioning_code', t('fields.provisioning_code'), true),
      {
        id: 'enabled',
        header: t('fields.enabled'),
        meta: { optional: true },
        cell: ({ row }) => (
          <Badge variant="light" color={row.original['enabled'] === false ? 'gray' : 'teal'}>
            {row.original['enabled'] === false ? t('form.no') : t('form.yes')}
          </Badge>
        ),
      },
    ];
  }, [t]);
  const add = (
    <Button component={Link} to="/users/new" leftSection={<IconPlus size={18} />}>
      {t('users.add')}
    </Button>
  );
  const import_export = (
    <Button component={Link} to="/users/import" variant="default" leftSection={<IconUpload size={18} />}>
      {t('users.import')}
    </Button>
  );
  return (
    <>
      <Group className={classes.head}>
        <Title order={1} size="h2">
          {t('users.title')}
        </Title>
      </Group>
      <DataTable
        collection="/users"
        query={{ view: 'summary' }}
        columns={columns}
        sortable={kSortable}
        order="firstname"
        label={t('users.title')}
        search_label={t('users.search')}
        selection={{ key: 'id', name_of: choice_name, chosen, change: set_chosen }}
        empty={<EmptyState icon={<IconUsers size={28} />} title={t('users.none')} text={t('users.noneText')} action={add} />}
        actions={
          <>
            {chosen.size > 0 && <BulkEdit ids={[...chosen]} done={() => set_chosen(new Set())} />}
            {import_export}
            {add}
          </>
        }
      />
    </>
  );
}
