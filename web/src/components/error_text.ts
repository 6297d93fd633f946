// SPDX-License-Identifier: GPL-3.0-or-later
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/error';

/// Whatever went wrong, in words for a person.
export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation();
  return useCallback(
    (error: unknown) => {
      if (!(error instanceof ApiError)) return t('error.unexpected');
      if (error.unreachable) return t('error.unreachable');
      if (error.status === 412) return t('error.outdated');
      if (error.status === 429) return t('error.tooMany');
      if (error.status === 401) return t('error.notGranted');
      if (error.status === 404 && error.sentences.length === 0) return t('error.gone');
      return error.sentences.join(' ') || t('error.status', { status: error.status });
    },
    [t],
  );
}
