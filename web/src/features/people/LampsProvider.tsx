// SPDX-License-Identifier: GPL-3.0-or-later
import { createContext, useContext, type ReactNode } from 'react';
import type { Event } from '@/api/events';
import { useHeard } from '@/api/use_heard';
import { lamp_of, type Lamp } from './lamps';

const kStatusEvents = ['endpoint_status_update'] as const;
const lamp_told_by = ({ data }: Event): [number, Lamp] => [Number(data['endpoint_id']), lamp_of(Number(data['status']))];
const LampsContext = createContext<ReadonlyMap<number, Lamp>>(new Map());

/// Hears of the lines of colleagues, whichever view is open.
export function LampsProvider({ children }: { children: ReactNode }) {
  const [lamps] = useHeard(kStatusEvents, lamp_told_by, 'lines');
  return <LampsContext.Provider value={lamps}>{children}</LampsContext.Provider>;
}

/// Lamps by the numbers of lines; of those that nothing was heard of there is none.
export const useLamps = () => useContext(LampsContext);
