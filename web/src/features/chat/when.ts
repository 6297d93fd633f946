// SPDX-License-Identifier: GPL-3.0-or-later
import { useTranslation } from 'react-i18next';

/// A moment as briefly as it is clear: of today the time alone.
export function useWhen(): (time: string) => string {
  const { i18n } = useTranslation();
  return (time) => {
    const at = new Date(time);
    const today = at.toDateString() === new Date().toDateString();
    return new Intl.DateTimeFormat(i18n.language, today ? { timeStyle: 'short' } : { dateStyle: 'medium' }).format(at);
  };
}
