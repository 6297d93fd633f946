// SPDX-License-Identifier: GPL-3.0-or-later
import type { ChatMessage } from '@/api/client';

/// What the person has written and the server has not confirmed.
export interface Outgoing {
  key: number;
  text: string;
  /// When it was written, in milliseconds since 1970.
  at: number;
  /// Of the newest message that was there before; 0: none was.
  after: number;
  /// Why it was not sent, in words; null: it is on its way.
  problem: string | null;
}

/// Pages as they were asked for, the newest first, and what was told of since: each message once, the oldest first.
export function all_messages(pages: ReadonlyArray<{ items: readonly ChatMessage[] }>, told: readonly ChatMessage[]): ChatMessage[] {
  const by_id = new Map<number, ChatMessage>();
  for (const message of [...pages.flatMap(({ items }) => items), ...told]) by_id.set(message.id, message);
  return [...by_id.values()].sort((a, b) => a.id - b.id);
}

/// Without those that came back as messages before their confirmation did.
export function still_outgoing(outgoing: readonly Outgoing[], messages: readonly ChatMessage[], own: string): Outgoing[] {
  const taken = new Set<number>();
  return outgoing.filter(({ text, after, problem }) => {
    if (problem !== null) return true;
    const sent = messages.find(({ id, from, msg }) => from === own && msg === text && id > after && !taken.has(id));
    if (sent) taken.add(sent.id);
    return !sent;
  });
}

export interface Piece {
  text: string;
  link: boolean;
}

/// A text with the addresses in it as links. What ends a sentence is not part of an address.
export function pieces_of(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]]/g)) {
    if (match.index > at) pieces.push({ text: text.slice(at, match.index), link: false });
    pieces.push({ text: match[0], link: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), link: false });
  return pieces;
}

/// The newest message of the other that the person has not read as far as is known; 0: there is none.
export function newest_of(messages: readonly ChatMessage[], other: string): number {
  return messages.findLast(({ from }) => from === other)?.id ?? 0;
}
