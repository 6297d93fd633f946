// SPDX-License-Identifier: GPL-3.0-or-later

/// What the server refused, or that it could not be reached (status 0).
export class ApiError extends Error {
  constructor(
    readonly status: number,
    /// All that is wrong at once, as sentences of the server.
    readonly sentences: readonly string[],
    /// What is wrong, by the name that xivo-ctid-ng has for it: "no-such-voicemail".
    readonly reason: string | null = null,
  ) {
    super(sentences.join(' ') || `status ${status}`);
    this.name = 'ApiError';
  }
  /// Made of what a service answered.
  static of(status: number, body: unknown): ApiError {
    const reason = (body as { error_id?: unknown } | null | undefined)?.error_id;
    return new ApiError(status, sentences_of(body), typeof reason === 'string' ? reason : null);
  }
  get unreachable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 504;
  }
}

/// confd answers with a list of sentences, xivo-auth with {"reason": [...]}, xivo-ctid-ng with {"message": "..."}.
export function sentences_of(body: unknown): string[] {
  if (typeof body === 'string') return body.trim() === '' ? [] : [body.trim()];
  const { reason, message } = (body ?? {}) as { reason?: unknown; message?: unknown };
  const list = Array.isArray(body) ? body : Array.isArray(reason) ? reason : [message];
  return list.filter((entry): entry is string => typeof entry === 'string');
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
