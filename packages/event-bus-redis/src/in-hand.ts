import { setMaxListeners } from 'node:events';
import type { Delivery } from '@openedx-ts/events-core/bus';
import type { CountedEntry } from './pending-entries.js';
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

  /** Makes deliveries of entries that the group has just got, but for those that are in hand already. */
  takeNew(stream: string, entries: readonly StreamEntry[]): readonly Delivery[] {
    const held = this.#stream(stream);
    return this.#take(stream, entries, ({ id }) => !held.known.has(id));
  }

  /** The same of pending entries, and not of those that are acknowledged while the list is on its way. */
  async takeListed<List extends { readonly entries: readonly StreamEntry[] } | undefined>(
    stream: string,
    list: () => Promise<List>,
  ): Promise<{ readonly list: List; readonly deliveries: readonly Delivery[] }> {
    const held = this.#stream(stream);
    const finished = new Set<string>();
    held.listeners.add(finished);
    try {
      const listed = await list();
      const isNew = ({ id }: StreamEntry) => !held.known.has(id) && !finished.has(id);
      return { list: listed, deliveries: this.#take(stream, listed?.entries ?? [], isNew) };
    } finally {
      held.listeners.delete(finished);
    }
  }

  has(stream: string, id: string): boolean {
    return this.#stream(stream).known.has(id);
  }

  ids(stream: string): readonly string[] {
    return [...this.#stream(stream).known.keys()];
  }

  /** How often each is delivered. */
  counted(stream: string): readonly CountedEntry[] {
    return Array.from(this.#stream(stream).known, ([id, count]) => ({ id, count }));
  }

  /** How often one is delivered; undefined when it is not in hand any more. */
  countOf(stream: string, ordinal: number): CountedEntry | undefined {
    const { ids, known } = this.#stream(stream);
    const id = ids.get(ordinal);
    return id === undefined ? undefined : { id, count: known.get(id) ?? 1 };
  }

  idsOf(stream: string, ordinals: readonly number[]): readonly string[] {
    const { ids } = this.#stream(stream);
    return ordinals.map((ordinal) => ids.get(ordinal)).filter((id) => id !== undefined);
  }

  finish(stream: string, ordinals: readonly number[]): void {
    const { ids, known, listeners } = this.#stream(stream);
    for (const ordinal of ordinals) {
      const id = ids.get(ordinal);
      if (id === undefined) continue;
      ids.delete(ordinal);
      known.delete(id);
      for (const finished of listeners) finished.add(id);
    }
  }

  #take(
    stream: string,
    entries: readonly StreamEntry[],
    isNew: (entry: StreamEntry) => boolean,
  ): readonly Delivery[] {
    const held = this.#stream(stream);
    return entries.filter(isNew).map((entry) => this.#delivery(stream, entry, held));
  }

  #delivery(stream: string, { id, fields, deliveryCount }: StreamEntry, held: HeldEntries): Delivery {
    this.#lastOrdinal += 1;
    held.ids.set(this.#lastOrdinal, id);
    held.known.set(id, deliveryCount);
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
      entries = { ids: new Map(), known: new Map(), listeners: new Set(), abortSignal: this.#abortSignal };
      this.#streams.set(stream, entries);
    }
    return entries;
  }
}

interface HeldEntries {
  abortSignal: AbortSignal;
  readonly ids: Map<number, string>;
  /** How often each is delivered. */
  readonly known: Map<string, number>;
  /** Of each list that is on its way: what was acknowledged since. */
  readonly listeners: Set<Set<string>>;
}
