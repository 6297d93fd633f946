// SPDX-License-Identifier: GPL-3.0-or-later
import { Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/components/error_text';
import { reachable_from } from './presence';
import { PresenceDot } from './PresenceDot';
import { usePresenceLabel, usePresences } from './PresencesProvider';
import classes from './presence.module.css';

/// What the person is for the others, and a choice of what else he can be.
export function PresenceMenu() {
  const { t } = useTranslation();
  const error_text = useErrorText();
  const label_of = usePresenceLabel();
  const { own, choices, choose } = usePresences();
  if (own === '' || choices.length === 0) return null;
  const reachable = reachable_from(own, choices);
  const take = (name: string) =>
    choose(name).catch((error: unknown) => {
      notifications.show({ color: 'red', title: t('presence.failed'), message: error_text(error), closeButtonProps: { 'aria-label': t('form.close') } });
    });
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button className={classes.own} variant="subtle" color="gray" aria-label={t('presence.own', { presence: label_of(own) })} data-testid="presence" data-presence={own}>
          <PresenceDot name={own} />
          <span className={classes.ownLabel}>{label_of(own)}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('presence.title')}</Menu.Label>
        <Menu.RadioGroup value={own} onChange={(name) => void take(name)}>
          {choices.map(({ name }) => (
            <Menu.RadioItem key={name} value={name} disabled={!reachable.has(name)} closeMenuOnClick rightSection={<PresenceDot name={name} />}>
              {label_of(name)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
