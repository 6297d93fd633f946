// SPDX-License-Identifier: GPL-3.0-or-later
import { Paper, Stack } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { AnswerButtons, Party } from './CallCard';
import type { Call } from './phone';
import { usePhone } from './PhoneProvider';
import { useRingingFocus } from './use_ringing_focus';
import classes from './softphone.module.css';

function Banner({ call, title }: { call: Call; title: string }) {
  return (
    <Paper className={classes.banner} shadow="xl" withBorder radius="md" p="md" role="alertdialog" aria-label={title} data-testid="incoming" {...useRingingFocus(call.id, true)}>
      <Stack gap="sm">
        <Party call={call} />
        <AnswerButtons call={call} />
      </Stack>
    </Paper>
  );
}

/// Whoever calls is seen in every view, in the title of the window and, where that is allowed, above other windows.
export function IncomingBanner({ hidden }: { hidden: boolean }) {
  const { t } = useTranslation();
  const { calls } = usePhone();
  const ringing = calls.find((call) => call.direction === 'in' && call.phase === 'ringing');
  const who = ringing ? ringing.name || ringing.number || t('phone.anonymous') : '';
  useEffect(() => {
    document.title = who ? t('phone.titleRinging', { name: who }) : 'Almon';
    if (!who || document.visibilityState === 'visible' || !('Notification' in window) || Notification.permission !== 'granted') return;
    const shown = new Notification(t('phone.titleRinging', { name: who }), { icon: '/icon.svg', tag: 'call', requireInteraction: true });
    shown.onclick = () => window.focus();
    return () => shown.close();
  }, [who, t]);
  if (!ringing || hidden) return null;
  return <Banner key={ringing.id} call={ringing} title={t('phone.titleRinging', { name: who })} />;
}
