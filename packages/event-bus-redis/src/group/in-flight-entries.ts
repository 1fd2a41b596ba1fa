import { setMaxListeners } from 'node:events';
import type { Delivery } from '@openedx-ts/events-core/bus';
import { fromEntryFields } from '../stream/stream-entry.js';
import type { StreamEntry } from '../stream/stream-reply.js';

/** A pending entry with its delivery count. */
export interface CountedEntry {
  readonly id: string;
  readonly count: number;
}

/** The entries of each stream that this member has received and not acknowledged, by the ordinals of their deliveries. */
export class InFlightEntries {
  readonly #streams = new Map<string, StreamEntries>();
  readonly #abortSignal: AbortSignal;
  #lastOrdinal = 0;

  /** @param abortSignal aborts every delivery, when the consumer crashes */
  constructor(abortSignal: AbortSignal) {
    this.#abortSignal = abortSignal;
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

  /** Adds entries and returns their deliveries, except for entries that are in flight already. */
  add(stream: string, entries: readonly StreamEntry[]): readonly Delivery[] {
    const { byOrdinal, ids, abortSignal } = this.#stream(stream);
    return entries
      .filter(({ id }) => !ids.has(id))
      .map(({ id, fields, deliveryCount }) => {
        this.#lastOrdinal += 1;
        const ordinal = this.#lastOrdinal;
        byOrdinal.set(ordinal, { id, count: deliveryCount });
        ids.add(id);
        const message = fromEntryFields(stream, fields);
        return { message, lane: stream, ordinal, position: id, deliveryCount, abortSignal };
      });
  }

  /** Whether an entry is in flight. */
  has(stream: string, id: string): boolean {
    return this.#stream(stream).ids.has(id);
  }

  /** All entries of a stream that are in flight, with the counts of their deliveries. */
  list(stream: string): readonly CountedEntry[] {
    return [...this.#stream(stream).byOrdinal.values()];
  }

  /** The entries behind these ordinals, except for those that are no longer in flight. */
  find(stream: string, ordinals: readonly number[]): readonly CountedEntry[] {
    const { byOrdinal } = this.#stream(stream);
    return ordinals.map((ordinal) => byOrdinal.get(ordinal)).filter((entry) => entry !== undefined);
  }

  /** Removes entries that were acknowledged. */
  remove(stream: string, ordinals: readonly number[]): void {
    const { byOrdinal, ids } = this.#stream(stream);
    for (const ordinal of ordinals) {
      const entry = byOrdinal.get(ordinal);
      if (entry === undefined) continue;
      byOrdinal.delete(ordinal);
      ids.delete(entry.id);
    }
  }

  #stream(stream: string): StreamEntries {
    let entries = this.#streams.get(stream);
    if (entries === undefined) {
      entries = { byOrdinal: new Map(), ids: new Set(), abortSignal: this.#abortSignal };
      this.#streams.set(stream, entries);
    }
    return entries;
  }
}

interface StreamEntries {
  abortSignal: AbortSignal;
  readonly byOrdinal: Map<number, CountedEntry>;
  readonly ids: Set<string>;
}
