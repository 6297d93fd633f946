// SPDX-License-Identifier: GPL-3.0-or-later
import { useQuery } from '@tanstack/react-query';
import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { choose_presence, own_presence, presence_choices, type PresenceChoice } from '@/api/client';
import type { Event } from '@/api/events';
import { useHeard } from '@/api/use_heard';
import { useAccount } from '@/features/session/use_session';
import { presence_label } from './presence';

interface Provided {
  /// Names by the uuids of users; of those that nothing was heard of there is none.
  heard: ReadonlyMap<string, string>;
  /// What the person is for the others; empty as long as that is not known.
  own: string;
  choices: readonly PresenceChoice[];
  /// Shown at once, and taken back where the server refuses it.
  choose: (name: string) => Promise<void>;
}

const kPresenceEvents = ['user_status_update'] as const;
const presence_told_by = ({ data }: Event): [string, string] => [String(data['user_uuid']), String(data['status'])];
const PresencesContext = createContext<Provided>({ heard: new Map(), own: '', choices: [], choose: () => Promise.resolve() });

/// Hears what colleagues, and the person in other windows, choose to be, whichever view is open.
export function PresencesProvider({ children }: { children: ReactNode }) {
  const { user_uuid } = useAccount();
  const uuid = user_uuid ?? '';
  const [heard, note] = useHeard(kPresenceEvents, presence_told_by, 'presences');
  const known = useQuery({ queryKey: ['presences', uuid], queryFn: ({ signal }) => own_presence(signal), staleTime: Infinity });
  const choices = useQuery({ queryKey: ['me', uuid, 'presence choices'], queryFn: ({ signal }) => presence_choices(signal) });
  const own = heard.get(uuid) ?? known.data ?? '';
  const provided = useMemo<Provided>(
    () => ({
      heard,
      own,
      choices: choices.data ?? [],
      choose: async (name) => {
        note(uuid, name);
        try {
          await choose_presence(name);
        } catch (error) {
          note(uuid, own);
          throw error;
        }
      },
    }),
    [heard, note, own, choices.data, uuid],
  );
  return <PresencesContext.Provider value={provided}>{children}</PresencesContext.Provider>;
}

export const usePresences = () => useContext(PresencesContext);

/// What a presence is called, in the language of who reads.
export function usePresenceLabel(): (name: string) => string {
  const { t } = useTranslation();
  const { choices } = usePresences();
  return (name) => presence_label(name, choices, (shipped) => t(`presence.names.${shipped}`));
}
