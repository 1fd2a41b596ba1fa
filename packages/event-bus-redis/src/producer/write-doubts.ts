import { BoundedCache } from '@openedx-ts/events-core/bus';
import type { RedisConnection } from '../driver/redis-connection.js';
import { writtenSince } from './written-since.js';

/**
 * The events of which it is unknown whether Redis has written them, and where to look for them. Of a stream whose newest
 * entry was forgotten, because a program publishes to many streams, all entries are searched.
 */
export class WriteDoubts {
  /** The id of the newest entry of this producer, by stream. */
  readonly #newest = new BoundedCache<string, string>({ maxEntries: MAX_STREAMS });
  /** Ids of events, by stream. */
  readonly #inDoubt: BoundedCache<string, ReadonlySet<string>>;

  /** @param maxEvents how many events a producer may have that are not settled: so many may be in doubt, or 100,000 */
  constructor(maxEvents: number) {
    const maxCost = Math.max(maxEvents, LEAST_EVENTS);
    this.#inDoubt = new BoundedCache({ maxEntries: MAX_STREAMS, maxCost, costOf: ({ size }) => size });
  }

  /** How many streams are remembered, and how many of them with events in doubt. */
  get counts(): { readonly streams: number; readonly inDoubt: number } {
    return { streams: this.#newest.size, inDoubt: this.#inDoubt.size };
  }

  /** Notes the newest entry of a stream. */
  written(stream: string, entryId: string): void {
    this.#newest.set(stream, entryId);
  }

  /** Notes that the reply for these events of a stream is missing. */
  add(stream: string, eventIds: readonly string[]): void {
    this.#inDoubt.set(stream, new Set(eventIds));
  }

  /** Finds out which events in doubt were written to a stream. Returns their entry ids by event id. */
  async lookUp(connection: RedisConnection, stream: string): Promise<ReadonlyMap<string, string>> {
    const eventIds = this.#inDoubt.get(stream);
    if (eventIds === undefined) return new Map();
    const written = await writtenSince(connection, stream, this.#newest.get(stream), eventIds);
    this.#inDoubt.delete(stream);
    return written;
  }
}

/** Each some hundred bytes. */
const MAX_STREAMS = 10_000;
const LEAST_EVENTS = 100_000;
