// SPDX-License-Identifier: GPL-3.0-or-later
import { createContext, useContext, useState, type ReactNode } from 'react';
import { useEvents } from '@/api/use_events';
import { lamp_of, type Lamp } from './lamps';

const kStatusEvents = ['endpoint_status_update'] as const;
const kNone: ReadonlyMap<number, Lamp> = new Map();
const LampsContext = createContext(kNone);

/// Hears of the lines of colleagues, whichever view is open.
export function LampsProvider({ children }: { children: ReactNode }) {
  const [lamps, set_lamps] = useState(kNone);
  const connection = useEvents(kStatusEvents, ({ data }) => set_lamps((before) => new Map(before).set(Number(data['endpoint_id']), lamp_of(Number(data['status'])))));
  // What was heard before the connection was lost may be over.
  return <LampsContext.Provider value={connection === 'lost' ? kNone : lamps}>{children}</LampsContext.Provider>;
}

/// Lamps by the numbers of lines; of those that nothing was heard of there is none.
export const useLamps = () => useContext(LampsContext);
