// SPDX-License-Identifier: GPL-3.0-or-later
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { calls_now } from '@/api/client';
import type { EventConnection } from '@/api/events';
import { useEvents } from '@/api/use_events';
import { kCallEvents, kNoCalls, leg_of, with_event, with_listing, type Calls } from './calls';

/// The calls that are up, as they happen.
export function useCalls(): { calls: Calls; connection: EventConnection } {
  const [calls, set_calls] = useState(kNoCalls);
  const heard = useRef(new Set<string>());
  const connection = useEvents(kCallEvents, (event) => {
    heard.current.add(leg_of(event.data).call_id);
    set_calls((known) => with_event(known, event, Date.now()));
  });
  // Those that were there before: asked for whenever the events begin anew.
  useQuery({
    queryKey: ['calls', connection],
    queryFn: async ({ signal }) => {
      heard.current = new Set();
      const items = await calls_now(signal);
      set_calls((known) => with_listing(known, items.map(leg_of), heard.current));
      return items.length;
    },
    enabled: connection === 'open',
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  return { calls, connection };
}
