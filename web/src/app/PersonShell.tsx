// SPDX-License-Identifier: GPL-3.0-or-later
import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { NavLink, useLocation } from 'react-router-dom';
import { IconArrowForwardUp, IconKey, IconMessages, IconPhone, IconRecordMail, IconUsers } from '@/components/icons';
import { ChatProvider, useChats } from '@/features/chat/ChatProvider';
import { LampsProvider } from '@/features/people/LampsProvider';
import { PresenceMenu } from '@/features/presence/PresenceMenu';
import { PresencesProvider } from '@/features/presence/PresencesProvider';
import { useAccount } from '@/features/session/use_session';
import { CallBar } from '@/features/softphone/CallBar';
import { IncomingBanner } from '@/features/softphone/IncomingBanner';
import { PhoneProvider, usePhone } from '@/features/softphone/PhoneProvider';
import { messages_of } from '@/features/voicemail/messages';
import { useVoicemail, useVoicemailNews } from '@/features/voicemail/use_voicemail';
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

function VoicemailLink() {
  const { t } = useTranslation();
  const { exists, folders } = useVoicemail();
  useVoicemailNews();
  if (!exists) return null;
  const fresh = messages_of(folders.data ?? []).filter((message) => message.fresh).length;
  return (
    <NavLink to="/voicemail" className={classes.link} data-testid="voicemail" data-new={fresh}>
      <IconRecordMail size={18} stroke={1.7} />
      {t('voicemail.title')}
      {fresh > 0 && (
        <Badge circle={fresh < 10} aria-label={t('voicemail.newCount', { count: fresh })}>
          {fresh}
        </Badge>
      )}
    </NavLink>
  );
}

function ChatLink() {
  const { t } = useTranslation();
  const { conversations } = useChats();
  const unread = (conversations ?? []).reduce((sum, conversation) => sum + conversation.unread, 0);
  return (
    <NavLink to="/chat" className={classes.link} data-testid="chat-link" data-unread={unread}>
      <IconMessages size={18} stroke={1.7} />
      {t('chat.title')}
      {unread > 0 && (
        <Badge circle={unread < 10} aria-label={t('chat.unread', { count: unread })}>
          {unread}
        </Badge>
      )}
    </NavLink>
  );
}

function Navigation() {
  const { t } = useTranslation();
  return (
    <nav className={classes.tabs} aria-label={t('person.views')}>
      <NavLink to="/" end className={classes.link}>
        <IconPhone size={18} stroke={1.7} />
        {t('phone.title')}
      </NavLink>
      <NavLink to="/people" className={classes.link}>
        <IconUsers size={18} stroke={1.7} />
        {t('people.title')}
      </NavLink>
      <ChatLink />
      <VoicemailLink />
      <NavLink to="/services" className={classes.link}>
        <IconArrowForwardUp size={18} stroke={1.7} />
        {t('person.services')}
      </NavLink>
      <NavLink to="/keys" className={classes.link}>
        <IconKey size={18} stroke={1.7} />
        {t('funckeys.title')}
      </NavLink>
    </nav>
  );
}

function Views() {
  const { name } = usePhone();
  const { username } = useAccount();
  const { pathname } = useLocation();
  return (
    <div className={`${classes.shell} ${classes.single}`}>
      <Head
        name={name || username}
        after={
          <>
            <Connection />
            <PresenceMenu />
          </>
        }
      />
      <Navigation />
      <CallBar hidden={pathname === '/'} />
      <Main />
      <IncomingBanner hidden={pathname === '/'} />
    </div>
  );
}

export function PersonShell() {
  return (
    <PhoneProvider>
      <LampsProvider>
        <PresencesProvider>
          <ChatProvider>
            <Views />
          </ChatProvider>
        </PresencesProvider>
      </LampsProvider>
    </PhoneProvider>
  );
}
