import { setMaxListeners } from 'node:events';
import type { Delivery } from '@openedx-ts/events-core/bus';
import { fromEntryFields } from '../stream/stream-entry.js';
import type { StreamEntry } from '../stream/stream-reply.js';

/** A pending entry with its delivery count. */
export interface CountedEntry {
  readonly id: string;
  readonly count: number;
}

/** An entry that is pending for this member. */
export interface OwnPendingEntry extends CountedEntry {
  readonly ordinal: number;
  readonly fields: readonly Buffer[];
  /** How often the connection had been opened when the entry was last seen to have this content. */
  readonly timesOpened: number;
}

/**
 * The entries of each stream that are pending for this member (received and not acknowledged), by the ordinals of their
 * deliveries.
 */
export class OwnPendingEntries {
  readonly #streams = new Map<string, StreamEntries>();
  readonly #abortSignal: AbortSignal;
  readonly #timesOpened: () => number;
  #lastOrdinal = 0;

  /**
   * @param abortSignal aborts every delivery, when the consumer crashes
   * @param timesOpened how often the connection for acknowledgements was opened
   */
  constructor(abortSignal: AbortSignal, timesOpened: () => number = () => 1) {
    this.#abortSignal = abortSignal;
    this.#timesOpened = timesOpened;
    setMaxListeners(0, abortSignal); // every stream listens to it
  }

  /** Forgets the entries of a stream; deliveries from now on are aborted by this signal, too. */
  restart(stream: string, abortSignal: AbortSignal): void {
    this.clear(stream);
    this.#stream(stream).abortSignal = AbortSignal.any([this.#abortSignal, abortSignal]);
  }

  /** Forgets the entries of a stream: they may be delivered again. */
  clear(stream: string): void {
    const { byOrdinal, ids } = this.#stream(stream);
    byOrdinal.clear();
    ids.clear();
  }

  /**
   * Adds entries and returns their deliveries, except for entries that are pending here already. An event with the id of a
   * pending entry and other content is another entry, written by a Redis whose clock is behind after a failover. From then
   * on the id belongs to the new entry; acknowledging the old one does nothing.
   */
  add(stream: string, entries: readonly StreamEntry[]): readonly Delivery[] {
    const { byOrdinal, ids, abortSignal } = this.#stream(stream);
    const timesOpened = this.#timesOpened();
    return entries
      .filter(({ id, fields }) => !hasContent(byOrdinal.get(ids.get(id) ?? 0), fields))
      .map(({ id, fields, deliveryCount }) => {
        this.#lastOrdinal += 1;
        const ordinal = this.#lastOrdinal;
        byOrdinal.delete(ids.get(id) ?? 0);
        byOrdinal.set(ordinal, { ordinal, id, count: deliveryCount, fields, timesOpened });
        ids.set(id, ordinal);
        const message = fromEntryFields(stream, fields);
        return { message, lane: stream, ordinal, position: id, deliveryCount, abortSignal };
      });
  }

  /** Whether an entry is pending for this member. */
  has(stream: string, id: string): boolean {
    return this.#stream(stream).ids.has(id);
  }

  /** All entries of a stream that are pending for this member, with their delivery counts. */
  list(stream: string): readonly CountedEntry[] {
    return [...this.#stream(stream).byOrdinal.values()];
  }

  /** The entries of these ordinals, except for those that are no longer pending here. */
  find(stream: string, ordinals: readonly number[]): readonly OwnPendingEntry[] {
    const { byOrdinal } = this.#stream(stream);
    return ordinals.map((ordinal) => byOrdinal.get(ordinal)).filter((entry) => entry !== undefined);
  }

  /** Notes that entries were seen to have this content when the connection had been opened so many times. */
  confirm(stream: string, entries: readonly OwnPendingEntry[], timesOpened: number): void {
    const { byOrdinal } = this.#stream(stream);
    for (const entry of entries)
      if (byOrdinal.has(entry.ordinal)) byOrdinal.set(entry.ordinal, { ...entry, timesOpened });
  }

  /** Notes that another stream may have this name now, so that entries are compared with it before they are acknowledged. */
  doubt(stream: string): void {
    const { byOrdinal } = this.#stream(stream);
    for (const [ordinal, entry] of byOrdinal) byOrdinal.set(ordinal, { ...entry, timesOpened: NEVER });
  }

  /** Removes entries that were acknowledged, or whose id another event has now. */
  remove(stream: string, ordinals: readonly number[]): void {
    const { byOrdinal, ids } = this.#stream(stream);
    for (const ordinal of ordinals) {
      const entry = byOrdinal.get(ordinal);
      if (entry === undefined) continue;
      byOrdinal.delete(ordinal);
      if (ids.get(entry.id) === ordinal) ids.delete(entry.id);
    }
  }

  #stream(stream: string): StreamEntries {
    let entries = this.#streams.get(stream);
    if (entries === undefined) {
      entries = { byOrdinal: new Map(), ids: new Map(), abortSignal: this.#abortSignal };
      this.#streams.set(stream, entries);
    }
    return entries;
  }
}

/** Less than any connection was opened. */
const NEVER = -1;

interface StreamEntries {
  abortSignal: AbortSignal;
  readonly byOrdinal: Map<number, OwnPendingEntry>;
  /** The ordinal of each entry. */
  readonly ids: Map<string, number>;
}

/** Whether an entry has these fields. */
export function hasContent(entry: OwnPendingEntry | undefined, fields: readonly Buffer[]): boolean {
  if (entry?.fields.length !== fields.length) return false;
  return entry.fields.every((field, index) => field.equals(fields[index] as Buffer));
}
