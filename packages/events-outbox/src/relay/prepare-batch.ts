import type { EncodedEvent } from '@openedx-ts/events-core/bus';
import type { PendingEntry } from '../store/outbox-entry.js';
import { encodedEventOf } from './encoded-event-of.js';
import type { RelayContext } from './relay-context.js';

/** Entries of one topic in their order, ready to be published. */
export interface PreparedBatch {
  readonly entries: readonly PendingEntry[];
  /** Those that are published, and the event of each at the same index. */
  readonly usable: readonly PendingEntry[];
  readonly events: readonly EncodedEvent[];
  /** Those that cannot be published as they are, and why. */
  readonly unusable: readonly UnusableEntry[];
}

/** An entry that is no event. */
export interface UnusableEntry {
  readonly entry: PendingEntry;
  readonly error: unknown;
}

/**
 * Makes events of entries.
 *
 * @throws what the database throws when it does not return their schemas
 */
export async function prepareBatch(
  { schemas, options }: Pick<RelayContext, 'schemas' | 'options'>,
  entries: readonly PendingEntry[],
): Promise<PreparedBatch> {
  const fingerprints = new Set<string>();
  for (const { recordSchema, keySchema } of entries) fingerprints.add(recordSchema).add(keySchema);
  const found = await schemas.find(fingerprints);
  const usable: PendingEntry[] = [];
  const events: EncodedEvent[] = [];
  const unusable: UnusableEntry[] = [];
  const heldKeys = new Set<string>();
  for (const entry of entries) {
    if (heldKeys.has(entry.key)) continue;
    try {
      events.push(encodedEventOf(entry, found));
      usable.push(entry);
    } catch (error) {
      unusable.push({ entry, error });
      if (options.whenParked === 'hold-key') heldKeys.add(entry.key);
    }
  }
  return { entries, usable, events, unusable };
}
