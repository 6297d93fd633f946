// SPDX-License-Identifier: GPL-3.0-or-later
import type { CallQuestion } from '@/api/generated/confd';
import type { Step } from '@/components/Steps';

/// What stands in the fields.
export interface Asked {
  from: 'user' | 'outside';
  user: string;
  context: string;
  number: string;
  to: string;
  /// "2026-11-29T19:05" where the person is; empty: now.
  when: string;
}

export function question_of({ from, user, context, number, to, when }: Asked): CallQuestion {
  return {
    from: from === 'user' ? { user } : { context, ...(number.trim() ? { number: number.trim() } : {}) },
    to: to.replace(/[\s().-]/g, ''),
    ...(when ? { when: new Date(when).toISOString() } : {}),
  };
}

/// "   0.004 s  looks up 1002 in default" of a trace; a line without a time belongs to what is before it.
export function step_of(line: string): Step {
  const [, after, text] = /^\s*(\d+(?:\.\d+)?) s\s+(.*)$/s.exec(line) ?? [];
  return after === undefined ? { after: null, text: line.trim() } : { after: Number(after), text: text ?? '' };
}
