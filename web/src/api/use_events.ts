// SPDX-License-Identifier: GPL-3.0-or-later
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { events, type Event, type EventConnection } from './events';

/// Calls `take` with each event of these names, which must be a constant.
export function useEvents(names: readonly string[], take: (event: Event) => void): EventConnection {
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(() => events.subscribe(names, (event) => latest.current(event)), [names]);
  return useSyncExternalStore(events.watch, events.connection);
}
