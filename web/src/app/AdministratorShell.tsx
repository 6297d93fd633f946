// SPDX-License-Identifier: GPL-3.0-or-later
import { Burger, Drawer } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router-dom';
import { IconActivity, IconChartBar, IconHistory, IconList, IconRoute, IconSettings, IconVolume } from '@/components/icons';
import { kKinds, type Section } from '@/features/resources/kinds';
import { useAccount } from '@/features/session/use_session';
import { kUsersIcon } from '@/features/users/icon';
import { Head, Main } from './Shell';
import classes from './shell.module.css';

const kSections: readonly Section[] = ['settings', 'calls', 'trunks', 'services', 'center', 'configuration', 'management'];
const icon = (Icon: typeof IconHistory) => <Icon size={19} stroke={1.7} />;

function Navigation({ followed }: { followed?: () => void }) {
  const { t } = useTranslation();
  const link = (to: string, icon: ReactNode, label: string) => (
    <NavLink key={to} to={to} className={classes.link} onClick={followed}>
      {icon}
      {label}
    </NavLink>
  );
  return (
    <nav aria-label={t('menu.administration')}>
      <div className={classes.section}>{t('menu.control')}</div>
      {link('/overview', icon(IconChartBar), t('overview.title'))}
      {link('/live', icon(IconActivity), t('live.title'))}
      {link('/explain', icon(IconRoute), t('explain.title'))}
      {link('/history', icon(IconHistory), t('history.title'))}
      {kSections.map((section) => (
        <div key={section}>
          <div className={classes.section}>{t(`menu.${section}`)}</div>
          {section === 'settings' && link('/users', kUsersIcon, t('users.title'))}
          {kKinds.filter((kind) => kind.section === section).map((kind) => link(`/${kind.key}`, kind.icon, t(`kinds.${kind.key}.many`)))}
          {section === 'calls' && link('/call_logs', icon(IconList), t('callLogs.title'))}
          {section === 'services' && link('/sounds', icon(IconVolume), t('sounds.title'))}
          {section === 'management' && link('/settings', icon(IconSettings), t('settings.title'))}
        </div>
      ))}
    </nav>
  );
}

export function AdministratorShell() {
  const { t } = useTranslation();
  const { username } = useAccount();
  const [open, set_open] = useState(false);
  return (
    <div className={classes.shell}>
      <Head
        name={username}
        before={<Burger className={classes.burger} size="sm" opened={open} onClick={() => set_open(!open)} aria-label={t('menu.open')} />}
      />
      <aside className={classes.side}>
        <Navigation />
      </aside>
      <Drawer opened={open} onClose={() => set_open(false)} size="17rem" title="Almon" lockScroll={false} closeButtonProps={{ 'aria-label': t('form.close') }}>
        <Navigation followed={() => set_open(false)} />
      </Drawer>
      <Main />
    </div>
  );
}
