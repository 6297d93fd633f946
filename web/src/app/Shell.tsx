// SPDX-License-Identifier: GPL-3.0-or-later
// What surrounds all views, whoever has signed in.
import { Button, Menu, useMantineColorScheme } from '@mantine/core';
import { Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet } from 'react-router-dom';
import { IconLanguage, IconLogout, IconMoon, IconSun, IconUserCircle } from '@/components/icons';
import { Loading } from '@/components/Loading';
import { Logo } from '@/components/Logo';
import { session } from '@/features/session/session';
import { kLanguages, speak } from '@/i18n';
import classes from './shell.module.css';

function UserMenu({ name }: { name: string }) {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const dark = colorScheme === 'dark';
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button variant="subtle" color="gray" leftSection={<IconUserCircle size={20} />} aria-label={t('menu.of', { name })}>
          <span className={classes.userName}>{name}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('menu.language')}</Menu.Label>
        {kLanguages.map((language) => (
          <Menu.Item
            key={language.code}
            lang={language.code}
            leftSection={<IconLanguage size={16} />}
            aria-current={i18n.language === language.code}
            fw={i18n.language === language.code ? 700 : undefined}
            onClick={() => speak(language.code)}
          >
            {language.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={dark ? <IconSun size={16} /> : <IconMoon size={16} />} onClick={() => setColorScheme(dark ? 'light' : 'dark')}>
          {dark ? t('menu.light') : t('menu.dark')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void session.sign_out()}>
          {t('menu.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function Head({ before, after, name }: { before?: ReactNode; after?: ReactNode; name: string }) {
  const { t } = useTranslation();
  return (
    <header className={classes.head}>
      <a className={classes.skip} href="#main">
        {t('menu.skip')}
      </a>
      {before}
      <Link to="/" className={classes.brand}>
        <Logo />
        Almon
      </Link>
      <div className={classes.space} />
      {after}
      <UserMenu name={name} />
    </header>
  );
}

export function Main() {
  return (
    <main id="main" className={classes.main} tabIndex={-1}>
      <Suspense fallback={<Loading />}>
        <Outlet />
      </Suspense>
    </main>
  );
}
