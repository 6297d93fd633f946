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
import type { Kind } from './kinds';
import { kShapes } from './shapes';

/// A value of a list's cell as text.
function useShown() {
  const { i18n } = useTranslation();
  const { t } = useTranslation();
  const { choice_of } = useLabels();
  return (value: unknown): string => {
    if (value === null || value === undefined) return '';
    if (Array.isArray(value)) return value.map((entry: Record<string, unknown>) => String(entry['exten'] ?? entry['name'] ?? entry['id'] ?? '')).join(', ');
    if (typeof value === 'object') {
      // A destination.
      const { type, ...rest } = value as { type?: string } & Record<string, unknown>;
      const word = i18n.exists(`destination.types.${type}`) ? (t as (key: string) => string)(`destination.types.${type}`) : String(type ?? '');
      const target = [rest['user_firstname'], rest['user_lastname']].filter(Boolean).join(' ') || Object.entries(rest).find(([name, held]) => /_name$|^exten$/.test(name) && held)?.[1];
      return target ? `${word}: ${String(target)}` : word;
    }
    return choice_of(String(value));
  };
}

export function ResourcesPage({ kind }: { kind: Kind }) {
  const { t } = useTranslation();
  const { label_of } = useLabels();
  const shown = useShown();
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
            <Anchor component={Link} to={`/${kind.key}/${String(row.original['id'])}`} fw={500} size="sm">
              {shown(value) || t('form.unnamed', { id: String(row.original['id']) })}
            </Anchor>
          );
        if (typeof value === 'boolean')
          return (
            <Badge variant="light" color={value ? 'teal' : 'gray'}>
              {value ? t('form.yes') : t('form.no')}
            </Badge>
          );
        return typeof value === 'string' && shape[name]?.enum === undefined ? value : shown(value);
      },
    }),
  );
  const sortable = useMemo(() => kind.columns.filter((name) => shape[name]?.sortable), [kind, shape]);
  const add = (
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
