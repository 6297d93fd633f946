// SPDX-License-Identifier: GPL-3.0-or-later
import { Text, ThemeIcon } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './components.module.css';

interface Props {
  icon: ReactNode;
  title: string;
  text: string;
  action?: ReactNode;
  /// It is all that there is in the view.
  whole?: boolean;
}

/// Where there is nothing yet: says so, and what to do.
export function EmptyState({ icon, title, text, action, whole = false }: Props) {
  return (
    <div className={classes.empty}>
      <ThemeIcon size={56} radius="xl" variant="light" aria-hidden>
        {icon}
      </ThemeIcon>
      <Text fw={600} component={whole ? 'h1' : 'p'} m={0}>
        {title}
      </Text>
      <Text size="sm" c="dimmed" maw="28rem">
        {text}
      </Text>
      {action}
    </div>
  );
}
