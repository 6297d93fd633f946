// SPDX-License-Identifier: GPL-3.0-or-later
// What callers of a menu can reach, also by the menus behind it.
import { Anchor, Card, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { confd } from '@/api/client';
import { useShown } from '@/components/form/shown';
import classes from './ivr.module.css';

type Destination = { type: string; ivr_id?: number } & Record<string, unknown>;
const kDeepest = 5;

function Branches({ id, above }: { id: string; above: readonly string[] }) {
  const { t } = useTranslation();
  const shown = useShown();
  const { data } = useQuery({
    queryKey: ['confd', '/ivr', id, 'tree'],
    queryFn: async ({ signal }) => (await confd.get('/ivr/{ivr_id}', { path: { ivr_id: Number(id) }, signal })).data,
  });
  if (!data) return null;
  const branches: Array<[key: string, word: string, destination: Destination | null]> = [
    ...(data.choices ?? []).map(({ exten, destination }): [string, string, Destination | null] => [String(exten), String(exten), (destination ?? null) as Destination | null]),
    ['invalid', t('fields.invalid_destination'), (data.invalid_destination ?? null) as Destination | null],
    ['timeout', t('fields.timeout_destination'), (data.timeout_destination ?? null) as Destination | null],
  ];
  return (
    <ul className={classes.tree}>
      {branches.filter(([, , destination]) => destination).map(([key, word, destination]) => {
        const next = destination?.type === 'ivr' && destination.ivr_id !== undefined ? String(destination.ivr_id) : null;
        return (
          <li key={key}>
            <kbd className={classes.key}>{word}</kbd> {next ? <Anchor component={Link} to={`/ivr/${next}`} size="sm">{shown(destination)}</Anchor> : <Text span size="sm">{shown(destination)}</Text>}
            {next && (above.includes(next) ? <Text span size="sm" c="dimmed"> {t('ivr.again')}</Text> : above.length < kDeepest && <Branches id={next} above={[...above, next]} />)}
          </li>
        );
      })}
    </ul>
  );
}

export function IvrTree({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <Card withBorder radius="md" padding="lg" mt="lg" component="section" aria-label={t('ivr.tree')}>
      <Title order={2} size="h4" mb="sm">
        {t('ivr.tree')}
      </Title>
      <Branches id={id} above={[id]} />
    </Card>
  );
}
