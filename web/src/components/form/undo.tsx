// SPDX-License-Identifier: GPL-3.0-or-later
import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { confd } from '@/api/client';
import { useAccount } from '@/features/session/use_session';
import { useErrorText } from '../error_text';

/// Of what was told last: what lies before it cannot be taken back any more.
let told: string | null = null;

/// Tells what this account has just changed, with a way back: the server takes the whole change back, or says why it cannot.
export function useUndoable(): (message: string) => Promise<void> {
  const { t } = useTranslation();
  const error_text = useErrorText();
  const queries = useQueryClient();
  const { username } = useAccount();
  return useCallback(
    async (message) => {
      void queries.invalidateQueries();
      const last = await confd.get('/history', { query: { who: username, limit: 1 } }).catch(() => null);
      const change = last?.data.items?.[0]?.number;
      if (told !== null) notifications.hide(told);
      const notification = notifications.show({
        autoClose: 12_000,
        withCloseButton: true,
        closeButtonProps: { 'aria-label': t('form.close') },
        message: (
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm">{message}</Text>
            {change !== undefined && (
              <Button
                size="compact-sm"
                variant="light"
                onClick={() => {
                  notifications.hide(notification);
                  confd
                    .post('/history/{change_number}/undo', { path: { change_number: change } })
                    .then(() => notifications.show({ message: t('undo.done'), closeButtonProps: { 'aria-label': t('form.close') } }))
                    .catch((error: unknown) => notifications.show({ color: 'red', title: t('undo.failed'), message: error_text(error), closeButtonProps: { 'aria-label': t('form.close') } }))
                    .finally(() => void queries.invalidateQueries());
                }}
              >
                {t('undo.undo')}
              </Button>
            )}
          </Group>
        ),
      });
      told = notification;
    },
    [t, error_text, queries, username],
  );
}
