// SPDX-License-Identifier: GPL-3.0-or-later
import { useTranslation } from 'react-i18next';
import { choice_name } from './choices';
import { useLabels } from './labels';

/// A value as text, for lists: also of destinations and of what else a resource shows of others.
export function useShown(): (value: unknown, name?: string) => string {
  const { t, i18n } = useTranslation();
  const { choice_of } = useLabels();
  const shown = (value: unknown, name?: string): string => {
    if (value === null || value === undefined) return '';
    if (Array.isArray(value)) return value.map((entry) => (typeof entry === 'object' ? shown_member(entry as Record<string, unknown>) : String(entry))).join(', ');
    if (typeof value !== 'object') return choice_of(String(value), name);
    const { type, ...rest } = value as { type?: string } & Record<string, unknown>;
    if (type === undefined) return shown_member(value as Record<string, unknown>);
    // A destination.
    const word = i18n.exists(`destination.types.${type}`) ? (t as (key: string) => string)(`destination.types.${type}`) : type;
    const target =
      [rest['user_firstname'], rest['user_lastname']].filter(Boolean).join(' ') ||
      Object.entries(rest).find(([name, held]) => /_name$|^exten$|^filename$|^command$/.test(name) && held)?.[1] ||
      (rest['cause'] ? choice_of(String(rest['cause'])) : '');
    return target ? `${word}: ${String(target)}` : word;
  };
  const shown_member = (member: Record<string, unknown>) => String(member['exten'] ?? member['username'] ?? member['interface'] ?? '') || choice_name(member);
  return shown;
}
