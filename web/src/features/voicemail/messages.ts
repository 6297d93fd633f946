// SPDX-License-Identifier: GPL-3.0-or-later
import type { VoiceFolder, VoiceMessage } from '@/api/client';

export interface Message extends VoiceMessage {
  /// Nobody has heard it.
  fresh: boolean;
}

const is_fresh = ({ type }: VoiceFolder) => type === 'new' || type === 'urgent';

/// Of all folders, the newest first.
export function messages_of(folders: readonly VoiceFolder[]): Message[] {
  return folders
    .flatMap((folder) => folder.messages.map((message) => ({ ...message, fresh: is_fresh(folder) })))
    .sort((one, other) => other.timestamp - one.timestamp || (other.id < one.id ? -1 : 1));
}

/// Where a message goes that was heard, or that is to count as new again.
export function folder_for(folders: readonly VoiceFolder[], fresh: boolean): number | undefined {
  return folders.find(({ type }) => type === (fresh ? 'new' : 'old'))?.id;
}

/// "0:07", "61:05".
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
