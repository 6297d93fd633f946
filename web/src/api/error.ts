// SPDX-License-Identifier: GPL-3.0-or-later

/// What the server refused, or that it could not be reached (status 0).
export class ApiError extends Error {
  constructor(
    readonly status: number,
    /// All that is wrong at once, as sentences of the server.
    readonly sentences: readonly string[],
  ) {
    super(sentences.join(' ') || `status ${status}`);
    this.name = 'ApiError';
  }
  get unreachable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 504;
  }
}

/// confd answers with a list of sentences, xivo-auth with {"reason": [...]}.
export function sentences_of(body: unknown): string[] {
  if (typeof body === 'string') return body.trim() === '' ? [] : [body.trim()];
  const list = Array.isArray(body) ? body : ((body as { reason?: unknown } | null | undefined)?.reason ?? []);
  return Array.isArray(list) ? list.filter((entry): entry is string => typeof entry === 'string') : [];
}

export interface FieldError {
  field: string;
  reason: string;
}

/// "Input error - 'email' must be an address" is about the field `email`; what names no field of `known` is told as a
/// whole.
export function errors_by_field(error: ApiError, known: readonly string[]): { fields: FieldError[]; rest: string[] } {
  const fields: FieldError[] = [];
  const rest: string[] = [];
  for (const sentence of error.sentences) {
    const [, field, reason] = /'([\w.]+)' (.*)$/s.exec(sentence) ?? [];
    if (field !== undefined && reason !== undefined && known.includes(field)) fields.push({ field, reason });
    else rest.push(sentence);
  }
  return { fields, rest };
}
