import type { EntryPlace } from '../outbox-store.js';
import { marks } from '../run-statement.js';

/** A condition: a row is one of these. The condition on positions alone is the one for which MariaDB uses the index. */
export function isOneOf(entries: readonly EntryPlace[]): string {
  const places = entries.map(() => '(?, ?)').join(', ');
  return `topic = ? AND position IN (${marks(entries)}) AND (position, event_id) IN (${places})`;
}

/** The values of `isOneOf`. */
export function placesOf(topic: string, entries: readonly EntryPlace[]): readonly unknown[] {
  const positions = entries.map(({ position }) => position);
  return [topic, ...positions, ...entries.flatMap(({ position, eventId }) => [position, eventId])];
}
