// SPDX-License-Identifier: GPL-3.0-or-later
import { Anchor, Badge, Button, Group, Title } from '@mantine/core';
import type { ColumnDef } from '@tanstack/react-table';
import { IconPlus } from '@/components/icons';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { DataTable, type Row } from '@/components/DataTable';
import { EmptyState } from '@/components/EmptyState';
import classes from '@/components/components.module.css';
import { useLabels } from '@/components/form/labels';
import { useShown } from '@/components/form/shown';
import type { Kind } from './kinds';
import { kShapes } from './shapes';

export function ResourcesPage({ kind }: { kind: Kind }) {
  const { t, i18n } = useTranslation();
  const { label_of } = useLabels();
  const shown = useShown();
  const feature_name = (feature: string) => (i18n.exists(`features.${feature}`) ? (t as (key: string) => string)(`features.${feature}`) : feature);
  const shape = kShapes[kind.key];
  const columns = kind.columns.map(
    (name, index): ColumnDef<Row> => ({
      id: name,
      header: label_of(name),
      meta: { optional: kind.optional.includes(name) },
      cell: ({ row }) => {
        const value = row.original[name];
        if (index === 0)
          return (
            <Anchor component={Link} to={`/${kind.key}/${encodeURIComponent(String(row.original[kind.id ?? 'id']))}`} fw={500} size="sm">
              {(name === 'feature' ? feature_name(String(value)) : shown(value, name)) || t('form.unnamed', { id: String(row.original['id']) })}
            </Anchor>
          );
        if (typeof value === 'boolean')
          return (
            <Badge variant="light" color={value ? 'teal' : 'gray'}>
              {value ? t('form.yes') : t('form.no')}
            </Badge>
          );
        return typeof value === 'string' && shape[name]?.enum === undefined ? value : shown(value, name);
      },
    }),
  );
  const sortable = useMemo(() => kind.columns.filter((name) => shape[name]?.sortable), [kind, shape]);
  const add = kind.given ? null : (
    <Button component={Link} to={`/${kind.key}/new`} leftSection={<IconPlus size={18} />}>
      {t(`kinds.${kind.key}.add`)}
    </Button>
  );
  return (
    <>
      <Group className={classes.head}>
        <Title order={1} size="h2">
          {t(`kinds.${kind.key}.many`)}
        </Title>
      </Group>
      <DataTable
        collection={kind.collection}
        columns={columns}
        sortable={sortable}
        order={sortable[0] ?? 'id'}
        label={t(`kinds.${kind.key}.many`)}
        search_label={t('table.search')}
        empty={<EmptyState icon={kind.icon} title={t(`kinds.${kind.key}.none`)} text={t(`kinds.${kind.key}.about`)} action={add} />}
        actions={add}
      />
    </>
  );
}
