// SPDX-License-Identifier: GPL-3.0-or-later
import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router-dom';
import { useAccount } from '@/features/session/use_session';
import { IncomingBanner } from '@/features/softphone/IncomingBanner';
import { PhoneProvider, usePhone } from '@/features/softphone/PhoneProvider';
import { Head, Main } from './Shell';
import classes from './shell.module.css';

function Connection() {
  const { t } = useTranslation();
  const { connection } = usePhone();
  const color = connection === 'registered' ? 'teal' : connection === 'connecting' || connection === 'off' ? 'gray' : 'red';
  return (
    <Badge color={color} variant="light" role="status" data-testid="connection" data-state={connection}>
      {t(`phone.connection.${connection}`)}
    </Badge>
  );
}

function PersonViews() {
  const { name } = usePhone();
  const { username } = useAccount();
  const { pathname } = useLocation();
  return (
    <div className={`${classes.shell} ${classes.single}`}>
      <Head name={name || username} after={<Connection />} />
      <Main />
      <IncomingBanner hidden={pathname === '/'} />
    </div>
  );
}

export function PersonShell() {
  return (
    <PhoneProvider>
      <PersonViews />
    </PhoneProvider>
  );
}
