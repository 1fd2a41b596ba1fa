import { setMaxListeners } from 'node:events';
import type { Delivery } from '@openedx-ts/events-core';
import { fromEntryFields } from './stream-entry.js';
import type { StreamEntry } from './stream-reply.js';

/** The entries that this member has received and not finished, with the numbers by which the consume loop knows them. */
export class InHand {
  readonly #streams = new Map<string, HeldEntries>();
  readonly #abortSignal: AbortSignal;
  #lastOrdinal = 0;

  /** @param abortSignal fires when nothing in hand counts any more */
  constructor(abortSignal: AbortSignal) {
    this.#abortSignal = abortSignal;
    setMaxListeners(0, abortSignal); // every stream listens to it
  }

  /** Begins anew with a stream; what is taken of it counts until this signal fires, too. */
  begin(stream: string, abortSignal: AbortSignal): void {
    this.abandon(stream);
    this.#stream(stream).abortSignal = AbortSignal.any([this.#abortSignal, abortSignal]);
  }

  /** Forgets what is in hand of a stream: it may come again. */
  abandon(stream: string): void {
    const { ids, known } = this.#stream(stream);
    ids.clear();
    known.clear();
  }

  /**
   * Makes deliveries of entries, but for those that are in hand already, or were acknowledged while the reply that lists
   * them was on its way.
   */
  take(stream: string, entries: readonly StreamEntry[]): readonly Delivery[] {
    const held = this.#stream(stream);
    const isNew = ({ id }: StreamEntry) => !held.known.has(id) && !held.finished.has(id);
    return entries.filter(isNew).map((entry) => this.#delivery(stream, entry, held));
  }

  /** The same of entries that the group has just got: there may be some that were finished, of a group that was moved back. */
  takeNew(stream: string, entries: readonly StreamEntry[]): readonly Delivery[] {
    const { finished } = this.#stream(stream);
    for (const { id } of entries) finished.delete(id);
    return this.take(stream, entries);
  }

  has(stream: string, id: string): boolean {
    return this.#stream(stream).known.has(id);
  }

  ids(stream: string): readonly string[] {
    return [...this.#stream(stream).known];
  }

  idsOf(stream: string, ordinals: readonly number[]): readonly string[] {
    const { ids } = this.#stream(stream);
    return ordinals.map((ordinal) => ids.get(ordinal)).filter((id) => id !== undefined);
  }

  finish(stream: string, ordinals: readonly number[]): void {
    const { ids, known, finished } = this.#stream(stream);
    for (const ordinal of ordinals) {
      const id = ids.get(ordinal);
      if (id === undefined) continue;
      ids.delete(ordinal);
      known.delete(id);
      finished.add(id);
    }
    for (const id of finished) {
      if (finished.size <= REMEMBERED) break;
      finished.delete(id);
    }
  }

  #delivery(stream: string, { id, fields, deliveryCount }: StreamEntry, held: HeldEntries): Delivery {
    this.#lastOrdinal += 1;
    held.ids.set(this.#lastOrdinal, id);
    held.known.add(id);
    return {
      message: fromEntryFields(stream, fields),
      lane: stream,
      ordinal: this.#lastOrdinal,
      position: id,
      deliveryCount,
      abortSignal: held.abortSignal,
    };
  }

  #stream(stream: string): HeldEntries {
    let entries = this.#streams.get(stream);
    if (entries === undefined) {
      entries = { ids: new Map(), known: new Set(), finished: new Set(), abortSignal: this.#abortSignal };
      this.#streams.set(stream, entries);
    }
    return entries;
  }
}

interface HeldEntries {
  abortSignal: AbortSignal;
  readonly ids: Map<number, string>;
  readonly known: Set<string>;
  /** The newest that were acknowledged, oldest first. */
  readonly finished: Set<string>;
}

/** More than can be on its way at once. */
const REMEMBERED = 10_000;
