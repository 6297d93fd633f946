// SPDX-License-Identifier: GPL-3.0-or-later
import { Group, Loader, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

/// Shows nothing for a moment, then a spinner with words.
export function Loading() {
  const { t } = useTranslation();
  const [late, set_late] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => set_late(true), 250);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <Group justify="center" p="xl" gap="sm" role="status">
      <Loader size="sm" />
      <Text c="dimmed">{t('loading')}</Text>
    </Group>
  );
}
