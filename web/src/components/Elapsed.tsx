// SPDX-License-Identifier: GPL-3.0-or-later
import { useEffect, useState } from 'react';
import classes from './components.module.css';

/// How long ago something began, counting on.
export function Elapsed({ since }: { since: number }) {
  const [now, set_now] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => set_now(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  const two = (number: number) => String(number).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  return (
    <span className={classes.timer}>
      {hours > 0 ? `${hours}:` : ''}
      {two(Math.floor(seconds / 60) % 60)}:{two(seconds % 60)}
    </span>
  );
}
