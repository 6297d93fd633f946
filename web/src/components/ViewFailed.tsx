// SPDX-License-Identifier: GPL-3.0-or-later
import { Button } from '@mantine/core';
import { IconAlertTriangle } from './icons';
import { useTranslation } from 'react-i18next';
import { EmptyState } from './EmptyState';

/// A mistake of ours, or files of an older version that the server has not any more: loading anew helps with both.
export function ViewFailed() {
  const { t } = useTranslation();
  return (
    <main>
      <EmptyState
        whole
        icon={<IconAlertTriangle size={28} />}
        title={t('error.view')}
        text={t('error.viewText')}
        action={<Button onClick={() => window.location.reload()}>{t('error.reload')}</Button>}
      />
    </main>
  );
}
