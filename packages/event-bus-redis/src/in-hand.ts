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
   * Makes a delivery of an entry; none when it is in hand already, or was acknowledged while the reply that lists it was
   * on its way.
   */
  take(stream: string, entry: StreamEntry): readonly Delivery[] {
    const { ids, known, finished, abortSignal } = this.#stream(stream);
    if (known.has(entry.id) || finished.has(entry.id)) return [];
    this.#lastOrdinal += 1;
    ids.set(this.#lastOrdinal, entry.id);
    known.add(entry.id);
    return [
      {
        message: fromEntryFields(stream, entry.fields),
        lane: stream,
        ordinal: this.#lastOrdinal,
        position: entry.id,
        deliveryCount: entry.deliveryCount,
        abortSignal,
      },
    ];
  }

  /** The same of an entry that the group has just got: it may be one that was finished, of a group that was moved back. */
  takeNew(stream: string, entry: StreamEntry): readonly Delivery[] {
    this.#stream(stream).finished.delete(entry.id);
    return this.take(stream, entry);
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
