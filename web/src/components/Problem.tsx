// SPDX-License-Identifier: GPL-3.0-or-later
import { Alert, type AlertProps } from '@mantine/core';

/// What went wrong, told at once by screen readers as well; nothing where there is nothing to tell.
export function Problem({ children, ...rest }: AlertProps) {
  if (!children) return null;
  return (
    <Alert color="red" variant="light" role="alert" {...rest}>
      {children}
    </Alert>
  );
}
