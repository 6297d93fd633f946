// SPDX-License-Identifier: GPL-3.0-or-later
// A list that the server searches, orders and cuts into pages; how it is looked at stands in the address, so that "back"
// and a bookmark lead to the same rows.
import { ActionIcon, Checkbox, CloseButton, Group, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { flexRender, getCoreRowModel, useReactTable, type ColumnDef } from '@tanstack/react-table';
import { IconArrowDown, IconArrowsSort, IconArrowUp, IconChevronLeft, IconChevronRight, IconSearch } from './icons';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router-dom';
import { resources } from '@/api/client';
import classes from './components.module.css';
import { LoadFailed } from './LoadFailed';
import { Loading } from './Loading';

declare module '@tanstack/react-table' {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface ColumnMeta<TData, TValue> {
    /// Left out on small screens.
    optional?: boolean;
  }
}

export type Row = Record<string, unknown>;

const kPageRows = 25;
const kNoRows: Row[] = [];

interface Props {
  /// Path in confd.
  collection: string;
  /// Sent with every request.
  query?: Record<string, string>;
  columns: Array<ColumnDef<Row>>;
  /// Ids of columns that the server orders by.
  sortable: readonly string[];
  /// What is ordered by at first.
  order: string;
  label: string;
  search_label: string;
  empty: ReactNode;
  actions?: ReactNode;
  /// Rows can be chosen, also over several pages.
  selection?: Selection;
}

export interface Selection {
  /// Member that names a row.
  key: string;
  name_of: (row: Row) => string;
  chosen: ReadonlySet<string>;
  change: (chosen: ReadonlySet<string>) => void;
}

export function DataTable({ collection, query, columns, sortable, order: usual_order, label, search_label, empty, actions, selection }: Props) {
  const { t, i18n } = useTranslation();
  const [parameters, set_parameters] = useSearchParams();
  const search = parameters.get('search') ?? '';
  const order = parameters.get('order') ?? usual_order;
  const direction = parameters.get('direction') === 'desc' ? 'desc' : 'asc';
  const page = Math.max(0, Number.parseInt(parameters.get('page') ?? '1', 10) - 1 || 0);
  const [typed, set_typed] = useState(search);

  const change = (given: Record<string, string | null>) =>
    set_parameters(
      (current) => {
        for (const [name, value] of Object.entries(given))
          if (value === null || value === '') current.delete(name);
          else current.set(name, value);
        return current;
      },
      { replace: true },
    );
  const search_soon = useDebouncedCallback((text: string) => change({ search: text, page: null }), 200);
  const look_for = (text: string) => {
    set_typed(text);
    search_soon(text);
  };

  const asked = { ...query, search, order, direction, limit: kPageRows, offset: page * kPageRows };
  const { data, error, isPlaceholderData, refetch } = useQuery({
    queryKey: ['confd', collection, asked],
    queryFn: async ({ signal }) => (await resources.list(collection, asked, signal)).data,
    placeholderData: keepPreviousData,
  });
  const table = useReactTable({
    data: data?.items ?? kNoRows,
    columns,
    getCoreRowModel: getCoreRowModel(),
    manualSorting: true,
    manualPagination: true,
    manualFiltering: true,
  });
  const total = data?.total ?? 0;
  const pages = Math.max(1, Math.ceil(total / kPageRows));
  const number = new Intl.NumberFormat(i18n.language);
  const shown = data?.items.length ?? 0;

  const key_of = (row: Row) => String(row[selection?.key ?? 'id']);
  const choose = (rows: readonly Row[], chosen: boolean) => {
    const next = new Set(selection?.chosen);
    for (const row of rows)
      if (chosen) next.add(key_of(row));
      else next.delete(key_of(row));
    selection?.change(next);
  };
  const rows = data?.items ?? [];
  const chosen_rows = rows.filter((row) => selection?.chosen.has(key_of(row))).length;

  const order_by = (column: string) =>
    change({ order: column, direction: order === column && direction === 'asc' ? 'desc' : null, page: null });

  return (
    <section aria-label={label}>
      <div className={classes.toolbar}>
        <TextInput
          type="search"
          className={classes.search}
          aria-label={search_label}
          placeholder={search_label}
          leftSection={<IconSearch size={16} />}
          rightSection={typed !== '' && <CloseButton size="sm" aria-label={t('table.clear')} onClick={() => look_for('')} />}
          value={typed}
          onChange={(event) => look_for(event.currentTarget.value)}
        />
        <div className={classes.spacer} />
        {actions}
      </div>
      {error && <LoadFailed error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && total === 0 && search === '' && empty}
      {data && total === 0 && search !== '' && (
        <Text c="dimmed" ta="center" p="xl" role="status">
          {t('table.nothingFound', { search })}
        </Text>
      )}
      {data && total > 0 && (
        <>
          {/* It scrolls sideways on small screens, also with the keyboard. */}
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <div className={classes.tableFrame} role="group" aria-label={label} tabIndex={0}>
            <table className={`${classes.table} ${isPlaceholderData ? classes.stale : ''}`} aria-busy={isPlaceholderData}>
              <thead>
                {table.getHeaderGroups().map((group) => (
                  <tr key={group.id}>
                    {selection && (
                      <th scope="col">
                        <Checkbox
                          size="xs"
                          aria-label={t('bulk.selectAll')}
                          checked={chosen_rows > 0 && chosen_rows === rows.length}
                          indeterminate={chosen_rows > 0 && chosen_rows < rows.length}
                          onChange={(event) => choose(rows, event.currentTarget.checked)}
                        />
                      </th>
                    )}
                    {group.headers.map((header) => {
                      const id = header.column.id;
                      const title = flexRender(header.column.columnDef.header, header.getContext());
                      const ordered = order === id;
                      return (
                        <th
                          key={id}
                          scope="col"
                          className={header.column.columnDef.meta?.optional ? classes.optional : undefined}
                          aria-sort={ordered ? (direction === 'asc' ? 'ascending' : 'descending') : undefined}
                        >
                          {sortable.includes(id) ? (
                            <UnstyledButton className={classes.sort} onClick={() => order_by(id)}>
                              {title}
                              {ordered ? direction === 'asc' ? <IconArrowUp size={14} /> : <IconArrowDown size={14} /> : <IconArrowsSort size={14} opacity={0.45} />}
                            </UnstyledButton>
                          ) : (
                            title
                          )}
                        </th>
                      );
                    })}
                  </tr>
                ))}
              </thead>
              <tbody>
                {table.getRowModel().rows.map((row) => (
                  <tr key={row.id}>
                    {selection && (
                      <td>
                        <Checkbox
                          size="xs"
                          aria-label={t('bulk.select', { name: selection.name_of(row.original) })}
                          checked={selection.chosen.has(key_of(row.original))}
                          onChange={(event) => choose([row.original], event.currentTarget.checked)}
                        />
                      </td>
                    )}
                    {row.getVisibleCells().map((cell) => (
                      <td key={cell.id} className={cell.column.columnDef.meta?.optional ? classes.optional : undefined}>
                        {flexRender(cell.column.columnDef.cell, cell.getContext())}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <div className={classes.pager}>
            <Text size="sm" c="dimmed" role="status" data-testid="total">
              {t('table.shown', { from: number.format(page * kPageRows + (shown > 0 ? 1 : 0)), to: number.format(page * kPageRows + shown), total: number.format(total) })}
            </Text>
            {pages > 1 && (
              <Group gap="xs">
                <ActionIcon variant="default" size="lg" aria-label={t('table.previous')} disabled={page === 0} onClick={() => change({ page: page > 1 ? String(page) : null })}>
                  <IconChevronLeft size={18} />
                </ActionIcon>
                <Text size="sm">{t('table.page', { page: number.format(page + 1), pages: number.format(pages) })}</Text>
                <ActionIcon variant="default" size="lg" aria-label={t('table.next')} disabled={page + 1 >= pages} onClick={() => change({ page: String(page + 2) })}>
                  <IconChevronRight size={18} />
                </ActionIcon>
              </Group>
            )}
          </div>
        </>
      )}
    </section>
  );
}
