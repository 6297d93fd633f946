// SPDX-License-Identifier: GPL-3.0-or-later
import { usePresences } from './PresencesProvider';
import classes from './presence.module.css';

/// The colour that the administrator has given to a presence; its words stand beside it.
export function PresenceDot({ name }: { name: string }) {
  const { choices } = usePresences();
  return <span className={classes.dot} style={{ background: choices.find((choice) => choice.name === name)?.color }} aria-hidden />;
}
