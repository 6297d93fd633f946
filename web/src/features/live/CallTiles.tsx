// SPDX-License-Identifier: GPL-3.0-or-later
import { Card, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from '@/components/components.module.css';
import { conversations, type Calls } from './calls';

function Tile({ label, value }: { label: string; value: number }) {
  const { i18n } = useTranslation();
  return (
    <Card withBorder radius="md" padding="md">
      <div className={classes.tile} data-testid="tile" data-value={value}>
        {new Intl.NumberFormat(i18n.language).format(value)}
      </div>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
    </Card>
  );
}

/// How many calls there are now, in numbers that are seen from afar.
export function CallTiles({ calls: { up } }: { calls: Calls }) {
  const { t } = useTranslation();
  const talking = [...up.values()].filter(({ status }) => status === 'Up').length;
  return (
    <div className={classes.tiles}>
      <Tile label={t('live.conversations')} value={conversations(up).length} />
      <Tile label={t('live.talking')} value={talking} />
      <Tile label={t('live.ringing')} value={up.size - talking} />
    </div>
  );
}
