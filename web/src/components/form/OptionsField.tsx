// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from 'react';
import type { Shape } from '@/api/shape';
import { RowsField, type RowValues } from './RowsField';

const kShape: Shape = { name: { type: 'string' }, value: { type: 'string' } };

export type Options = Record<string, string> | Array<[string, string]>;

interface Props {
  label: string;
  help?: string | undefined;
  /// {"name": "value"}, or [["name", "value"]] where the order counts.
  value: Options | null;
  as_list: boolean;
  on_change: (value: Options) => void;
  error?: string | undefined;
}

/// Options that have a name and a value.
export function OptionsField({ value, as_list, on_change, ...rest }: Props) {
  // Kept as rows: while a name is typed it may be that of another one for a moment.
  const [rows, set_rows] = useState<RowValues[]>(() => (Array.isArray(value) ? value : Object.entries(value ?? {})).map(([name, text]) => ({ name, value: text })));
  const taken = (changed: RowValues[]) => {
    set_rows(changed);
    const list = changed.map((row): [string, string] => [String(row['name'] ?? ''), String(row['value'] ?? '')]);
    on_change(as_list ? list : Object.fromEntries(list));
  };
  return <RowsField {...rest} shape={kShape} value={rows} on_change={taken} />;
}
