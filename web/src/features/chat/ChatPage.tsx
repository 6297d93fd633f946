// SPDX-License-Identifier: GPL-3.0-or-later
// With whom the person writes, and what.
import { Badge, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, useParams } from 'react-router-dom';
import { EmptyState } from '@/components/EmptyState';
import { IconMessages } from '@/components/icons';
import { LoadFailed } from '@/components/LoadFailed';
import { Loading } from '@/components/Loading';
import { useAccount } from '@/features/session/use_session';
import { useChats } from './ChatProvider';
import { ConversationView } from './ConversationView';
import { useWhen } from './when';
import classes from './chat.module.css';

function Conversations() {
  const { t } = useTranslation();
  const when = useWhen();
  const { user_uuid } = useAccount();
  const { conversations } = useChats();
  return (
    <ul className={classes.conversations} aria-label={t('chat.conversations')}>
      {(conversations ?? []).map(({ user_uuid: other, name, unread, last }) => (
        <li key={other} className={classes.conversation} data-testid="conversation" data-unread={unread}>
          <div className={classes.who}>
            <NavLink to={`/chat/${other}`} className={`${classes.link} ${classes.name}`} data-fresh={unread > 0}>
              {name}
            </NavLink>
            <Text component="span" size="xs" className={classes.faint}>
              {when(last.time)}
            </Text>
          </div>
          <div className={classes.who}>
            <Text component="span" size="sm" className={`${classes.name} ${classes.faint}`}>
              {last.from === user_uuid ? t('chat.you', { text: last.msg }) : last.msg}
            </Text>
            {unread > 0 && (
              <>
                <span className={classes.unseen}>{t('chat.unread', { count: unread })}</span>
                <Badge circle={unread < 10} aria-hidden>
                  {unread}
                </Badge>
              </>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

export function ChatPage() {
  const { t } = useTranslation();
  const { other } = useParams();
  const { conversations, error, retry } = useChats();
  const people = <Link to="/people">{t('chat.toPeople')}</Link>;
  const none = conversations?.length === 0;
  return (
    <>
      <Title order={1} size="h2" mb="lg">
        {t('chat.title')}
      </Title>
      {Boolean(error) && <LoadFailed error={error} retry={retry} />}
      {!conversations && !error && <Loading />}
      {none && !other && <EmptyState icon={<IconMessages size={28} />} title={t('chat.none')} text={t('chat.noneText')} action={people} />}
      <div className={classes.page} data-open={Boolean(other)} data-alone={none}>
        {conversations && !none && <Conversations />}
        {other ? (
          <ConversationView key={other} other={other} />
        ) : (
          conversations &&
          !none && (
            <div className={classes.nothing}>
              <EmptyState icon={<IconMessages size={28} />} title={t('chat.choose')} text={t('chat.chooseText')} action={people} />
            </div>
          )
        )}
      </div>
    </>
  );
}
