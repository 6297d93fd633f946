// SPDX-License-Identifier: GPL-3.0-or-later
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './components.module.css';

export interface Step {
  /// Seconds since the beginning; null: as before.
  after: number | null;
  text: string;
  /// The way ends here.
  end?: boolean;
}

const kFirst = 30;

/// What happened one after the other, drawn along a line.
export function Steps({ steps, label }: { steps: readonly Step[]; label: string }) {
  const { t, i18n } = useTranslation();
  const [all, set_all] = useState(false);
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 3 });
  // A group that nobody answers rings for hours: what comes last is the end.
  const shown = all || steps.length <= kFirst + 1 ? steps : [...steps.slice(0, kFirst), ...steps.slice(-1)];
  return (
    <>
      <ol className={classes.steps} aria-label={label}>
        {shown.map(({ after, text, end }, index) => (
          <li key={index} data-end={end || undefined}>
            <span className={classes.stepTime}>{after === null ? '' : t('explain.seconds', { seconds: number.format(after) })}</span>
            <span>{text}</span>
          </li>
        ))}
      </ol>
      {shown.length < steps.length && (
        <Button size="xs" variant="default" mt="sm" onClick={() => set_all(true)}>
          {t('explain.all', { count: steps.length })}
        </Button>
      )}
    </>
  );
}
