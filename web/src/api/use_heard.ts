// SPDX-License-Identifier: GPL-3.0-or-later
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import type { Event } from './events';
import { useEvents } from './use_events';

const kNothing: ReadonlyMap<never, never> = new Map<never, never>();

/// What was told last of each, by a key that it has; and a way to note what one knows before it is told.
/// @param names constant. @param told_by the key and the news of an event, constant.
/// @param asked begins the keys of queries with what is known otherwise: asked anew when the connection stands, since
/// nothing was heard while it did not.
export function useHeard<K, V>(names: readonly string[], told_by: (event: Event) => [K, V], asked: string): [ReadonlyMap<K, V>, (key: K, value: V) => void] {
  const queries = useQueryClient();
  const [heard, set_heard] = useState<ReadonlyMap<K, V>>(kNothing);
  const note = useCallback((key: K, value: V) => set_heard((before) => new Map(before).set(key, value)), []);
  const connection = useEvents(names, (event) => note(...told_by(event)));
  useEffect(() => {
    if (connection === 'lost') set_heard(kNothing);
    if (connection === 'open') void queries.invalidateQueries({ queryKey: [asked] });
  }, [connection, queries, asked]);
  return [heard, note];
}
