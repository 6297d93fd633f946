// SPDX-License-Identifier: GPL-3.0-or-later

/// The rows of a table as CSV (RFC 4180).
export function rows_of_csv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  const end_field = () => {
    row.push(field);
    field = '';
  };
  for (let at = 0; at < text.length; ++at) {
    const sign = text[at]!;
    if (quoted) {
      if (sign !== '"') field += sign;
      else if (text[at + 1] === '"') field += text[++at]!;
      else quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === ',') end_field();
    else if (sign === '\n') {
      end_field();
      rows.push(row);
      row = [];
    } else if (sign !== '\r') field += sign;
  }
  if (field !== '' || row.length > 0) {
    end_field();
    rows.push(row);
  }
  return rows;
}
