// SPDX-License-Identifier: GPL-3.0-or-later

/// The state of a telephone, as colleagues see it.
export type Lamp = 'free' | 'talking' | 'ringing' | 'held' | 'away' | 'unknown';

/// Of the number by which programs know it (docs/events.md).
export function lamp_of(status: number): Lamp {
  switch (status) {
    case 0:
      return 'free';
    case 1:
    case 2:
      return 'talking';
    case 8:
    case 9:
      return 'ringing';
    case 16:
      return 'held';
    case 4:
      return 'away';
    default:
      return 'unknown';
  }
}
