// SPDX-License-Identifier: GPL-3.0-or-later
// What the server says of a table of users, row by row.

export interface RowProblem {
  /// 0: the file as a whole.
  row: number;
  column: string;
  value: string;
  reason: string;
}

export interface ImportReport {
  rows: number;
  problems: RowProblem[];
  dry_run: boolean;
}

interface Answer {
  created?: unknown[];
  updated?: unknown[];
  dry_run?: boolean;
  errors?: Array<{ message?: string; details?: { row_number?: number; column?: string; value?: string; reason?: string } }>;
}

/// Null: it is not what this service answers; the status says it all.
export function report_of(data: unknown): ImportReport | null {
  const { created, updated, dry_run = false, errors } = (data ?? {}) as Answer;
  const rows = created ?? updated;
  if (!Array.isArray(rows) && !Array.isArray(errors)) return null;
  const problems = (errors ?? []).map(({ message = '', details = {} }) => ({ row: details.row_number ?? 0, column: details.column ?? '', value: details.value ?? '', reason: details.reason ?? message }));
  return { rows: rows?.length ?? 0, problems: problems.sort((a, b) => a.row - b.row), dry_run };
}

/// Whether a table is one to change users by: each row then names its user by uuid.
export function names_users(head: string): boolean {
  const [line = ''] = head.replace(/^\uFEFF/, '').split(/\r?\n/, 1);
  return line.split(',').some((column) => column.trim().replace(/^"|"$/g, '') === 'uuid');
}

/// A table to begin with.
export function template(entity: string, context: string): string {
  return ['entity_id,firstname,lastname,email,exten,context,line_protocol', `${entity},Ann,Example,ann@example.org,1010,${context},sip`, ''].join('\r\n');
}
