// SPDX-License-Identifier: GPL-3.0-or-later
import { ActionIcon } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { IconPlayerPause, IconPlayerPlay } from '@/components/icons';
import type { Player } from '@/features/sounds/use_player';
import { clock } from './messages';
import classes from './voicemail.module.css';

/// In seconds: what an arrow key skips.
const kStep = 0.5;

/// Plays, pauses and skips; `seconds`: how long the sound is, where that is known before it is fetched.
export function PlayerBar({ name, player, seconds = 0 }: { name: string; player: Player; seconds?: number }) {
  const { t } = useTranslation();
  const current = player.current === name;
  const position = current ? player.position : 0;
  const length = (current ? player.length : null) ?? seconds;
  const times = t('voicemail.at', { position: clock(position), length: clock(length) });
  return (
    <div className={classes.player} data-testid="player" data-playing={current && player.playing}>
      <ActionIcon variant="light" size="lg" radius="xl" aria-label={t(current && player.playing ? 'voicemail.pause' : 'voicemail.play')} onClick={() => void player.toggle(name)}>
        {current && player.playing ? <IconPlayerPause size={18} /> : <IconPlayerPlay size={18} />}
      </ActionIcon>
      <input
        type="range"
        className={classes.seek}
        aria-label={t('voicemail.position')}
        aria-valuetext={times}
        min={0}
        max={Math.max(length, position)}
        step={kStep}
        value={position}
        onChange={(event) => void player.seek(name, Number(event.currentTarget.value))}
      />
      <span className={classes.times} aria-hidden>
        {times}
      </span>
    </div>
  );
}
