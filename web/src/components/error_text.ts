// SPDX-License-Identifier: GPL-3.0-or-later
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/error';

/// What people can run into in the services that name what is wrong, so that it is told in their language.
const kReasons = ['invalid-file', 'invalid-msg', 'invalid-presence', 'invalid-to', 'invalid-token', 'invalid-user', 'no-such-message-id', 'no-such-voicemail', 'unavailable'] as const;

/// Whatever went wrong, in words for a person.
export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation();
  return useCallback(
    (error: unknown) => {
      if (!(error instanceof ApiError)) return t('error.unexpected');
      if (error.unreachable) return t('error.unreachable');
      if (error.status === 412) return t('error.outdated');
      if (error.status === 429) return t('error.tooMany');
      if (error.status === 401 || error.status === 403) return t('error.notGranted');
      const reason = kReasons.find((name) => name === error.reason);
      if (reason) return t(`error.reason.${reason}`);
      if (error.status === 404 && error.sentences.length === 0) return t('error.gone');
      return error.sentences.join(' ') || t('error.status', { status: error.status });
    },
    [t],
  );
}
