// SPDX-License-Identifier: GPL-3.0-or-later
// How many calls there were, and when.
import type { LoggedCall } from '@/api/client';

export interface Span {
  /// In milliseconds since 1970.
  from: number;
  answered: number;
  unanswered: number;
}

const kMinute = 60_000;
/// What a chart shows: so many spans of that length, the last of which is the one that has not passed yet.
export const kCharts = {
  hour: { spans: 12, length: 5 * kMinute },
  day: { spans: 24, length: 60 * kMinute },
} as const;
export type Chart = keyof typeof kCharts;

/// When the first span of a chart begins. Spans begin with full hours, or every five minutes of them, by the clock on the wall.
export function first_moment(chart: Chart, now: number): number {
  const { spans, length } = kCharts[chart];
  const current = new Date(now);
  current.setMinutes(chart === 'hour' ? Math.floor(current.getMinutes() / 5) * 5 : 0, 0, 0);
  return current.getTime() - (spans - 1) * length;
}

/// By when they began.
export function traffic(chart: Chart, calls: readonly LoggedCall[], now: number): Span[] {
  const { spans, length } = kCharts[chart];
  const first = first_moment(chart, now);
  const all = Array.from({ length: spans }, (_, index): Span => ({ from: first + index * length, answered: 0, unanswered: 0 }));
  for (const { start, answer } of calls) {
    const span = all[Math.floor((Date.parse(start) - first) / length)];
    if (span) span[answer === null ? 'unanswered' : 'answered'] += 1;
  }
  return all;
}

/// Of the most calls in a span: where the scale ends, in steps that are read at a glance.
export function scale_of(spans: readonly Span[]): number {
  const most = Math.max(4, ...spans.map(({ answered, unanswered }) => answered + unanswered));
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 5, 10].map((step) => step * power).find((end) => end >= most) ?? most;
}
