// SPDX-License-Identifier: GPL-3.0-or-later

/// A part of the year in a schedule: what lies in all four at once; an empty list is any.
export interface Period {
  /// "09:00"; before the start: until the next day.
  hours_start: string;
  hours_end: string;
  /// 1 is Monday.
  week_days?: number[];
  month_days?: number[];
  months?: number[];
  destination?: Record<string, unknown> & { type: string };
}

export interface Bar {
  /// Minutes of the day.
  from: number;
  to: number;
  /// Not in every week.
  partly: boolean;
  text: string;
}

function minutes(time: string): number | null {
  const [, hours, rest] = /^(\d{1,2}):(\d{2})$/.exec(time) ?? [];
  return hours === undefined || rest === undefined ? null : Math.min(24 * 60, Number(hours) * 60 + Number(rest));
}

/// What is open on a day of the week, as it is drawn; a period over midnight has a second part on the next day.
export function bars_of(periods: readonly Period[], day: number): Bar[] {
  const bars: Bar[] = [];
  for (const { hours_start, hours_end, week_days = [], month_days = [], months = [] } of periods) {
    const [from, to] = [minutes(hours_start), minutes(hours_end)];
    if (from === null || to === null) continue;
    const on = (which: number) => week_days.length === 0 || week_days.includes(which);
    const partly = month_days.length > 0 || months.length > 0;
    const text = `${hours_start}–${hours_end}`;
    if (on(day)) bars.push({ from, to: to > from ? to : 24 * 60, partly, text });
    if (to < from && on(day === 1 ? 7 : day - 1)) bars.push({ from: 0, to, partly, text: `…–${hours_end}` });
  }
  return bars.sort((a, b) => a.from - b.from);
}

/// "1, 24-26" as days of a month.
export function days_of_text(text: string): number[] {
  const days = new Set<number>();
  for (const [, first, last] of text.matchAll(/(\d+)(?:\s*[-–]\s*(\d+))?/g))
    for (let day = Number(first); day <= Math.min(31, Number(last ?? first)); ++day) if (day >= 1) days.add(day);
  return [...days].sort((a, b) => a - b);
}

export function text_of_days(days: readonly number[] | undefined): string {
  const parts: string[] = [];
  for (let index = 0; index < (days?.length ?? 0); ++index) {
    const first = days![index]!;
    let last = first;
    while (days![index + 1] === last + 1) last = days![++index]!;
    parts.push(last === first ? String(first) : `${first}-${last}`);
  }
  return parts.join(', ');
}
