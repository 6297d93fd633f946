// SPDX-License-Identifier: GPL-3.0-or-later
import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useErrorText } from './error_text';
import { Problem } from './Problem';

/// What went wrong, and the way to try again.
export function LoadFailed({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useTranslation();
  const error_text = useErrorText();
  return (
    <Problem mb="lg">
      <Group justify="space-between" gap="sm">
        <Text size="sm">{error_text(error)}</Text>
        <Button size="xs" variant="default" onClick={retry}>
          {t('error.retry')}
        </Button>
      </Group>
    </Problem>
  );
}
