// SPDX-License-Identifier: GPL-3.0-or-later
import { Button } from '@mantine/core';
import { IconMapOff } from './icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { EmptyState } from './EmptyState';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <EmptyState
      whole
      icon={<IconMapOff size={28} />}
      title={t('error.noView')}
      text={t('error.noViewText')}
      action={
        <Button component={Link} to="/" variant="light">
          {t('error.home')}
        </Button>
      }
    />
  );
}
