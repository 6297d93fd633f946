// SPDX-License-Identifier: GPL-3.0-or-later
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { voicemail, type VoiceMessage } from '@/api/client';
import { useEvents } from '@/api/use_events';
import { useOwnUser } from '@/features/session/use_own_user';
import { useAccount } from '@/features/session/use_session';

const kCreated = 'user_voicemail_message_created';
const kMessageEvents = [kCreated, 'user_voicemail_message_updated', 'user_voicemail_message_deleted'] as const;

export const voicemail_key = (user_uuid: string | null) => ['me', user_uuid, 'voicemail'];

/// The folders with messages of the person who has signed in; nothing is asked where he has no voicemail.
export function useVoicemail() {
  const { user_uuid } = useAccount();
  const { data: user } = useOwnUser();
  const exists = user?.voicemail?.id !== undefined;
  const folders = useQuery({ queryKey: voicemail_key(user_uuid), queryFn: ({ signal }) => voicemail.folders(signal), enabled: exists });
  return { exists, folders };
}

/// Hears of messages, whichever view is open: of those that are left, and of what is done with them elsewhere.
export function useVoicemailNews(): void {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { user_uuid } = useAccount();
  const connection = useEvents(kMessageEvents, ({ name, data }) => {
    if (data['user_uuid'] !== user_uuid) return;
    void queries.invalidateQueries({ queryKey: voicemail_key(user_uuid) });
    if (name !== kCreated) return;
    const from = (data['message'] as VoiceMessage | undefined)?.caller_id_num ?? t('phone.anonymous');
    notifications.show({ title: t('voicemail.arrived'), message: t('voicemail.from', { from }), closeButtonProps: { 'aria-label': t('form.close') } });
  });
  useEffect(() => {
    // Nothing was heard while it did not stand.
    if (connection === 'open') void queries.invalidateQueries({ queryKey: voicemail_key(user_uuid) });
  }, [connection, queries, user_uuid]);
}
