import { type Delivery, runtime } from '@openedx-ts/events-core/bus';
import type { RedisConnection } from '../driver/redis-connection.js';
import { entriesByStream, entryBytes } from '../stream/stream-reply.js';
import {
  callBlocking,
  PAUSED_WAIT_MS,
  type StreamReader,
  type StreamReaderOptions,
} from './stream-reader.js';

/** Reads streams that several members of the group process concurrently: each entry goes to one of them. */
export class SharedReader implements StreamReader {
  readonly #context: StreamReaderOptions;

  constructor(context: StreamReaderOptions) {
    this.#context = context;
  }

  /** Yields this member's own pending entries first, then new ones; every `claimEveryMs` what other members abandoned. */
  async *read(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    const { streams, watch, options } = this.#context;
    for (const stream of streams) {
      watch.restart(stream);
      await watch.look(stream);
    }
    for (const stream of streams) yield* this.#ownPending(stream, abortSignal);
    let claimAt = 0;
    while (!abortSignal.aborted) {
      if (runtime().clock.monotonic() >= claimAt) {
        for (const stream of streams) yield* this.#claim(stream, abortSignal);
        claimAt = runtime().clock.monotonic() + options.claimEveryMs;
      }
      yield await this.#readNew(abortSignal);
    }
  }

  /** Entries that an earlier process with the same `consumerName` did not acknowledge, or whose reply was lost. */
  async *#ownPending(stream: string, abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    const { pending, inFlight, watch, batch } = this.#context;
    let after: string | undefined;
    while (!abortSignal.aborted) {
      const page = await pending.own(stream, after, batch.size);
      batch.grow(page.entries.length, entryBytes(page.entries));
      if (page.last === undefined) return;
      after = page.last;
      watch.readAgain(stream, page.entries);
      yield inFlight.add(stream, page.entries);
    }
  }

  /** Every entry that can be claimed now, page by page: a member that died may have left a thousand entries. */
  async *#claim(stream: string, abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    const { pending, inFlight, options, batch, isPaused } = this.#context;
    let isLast = false;
    while (!isLast && !abortSignal.aborted && !isPaused(stream)) {
      const page = await pending.claim(stream, options.claimIdleMs, batch.size);
      const { entries = [] } = page ?? {};
      isLast = page?.isLast ?? true;
      batch.grow(entries.length, entryBytes(entries));
      yield inFlight.add(stream, entries);
    }
  }

  async #readNew(abortSignal: AbortSignal): Promise<readonly Delivery[]> {
    const { options, consumerName, connection, blocking, pending, inFlight, watch, batch, isPaused } =
      this.#context;
    const { blockMs, groupId } = options;
    const streams = this.#context.streams.filter((stream) => !isPaused(stream));
    if (streams.length === 0) {
      await runtime().clock.sleep(Math.min(blockMs, PAUSED_WAIT_MS), abortSignal);
      return [];
    }
    for (const stream of streams) await watch.beforeRead(stream);
    const size = String(batch.sizeOf(streams.length));
    const reading = ['XREADGROUP', 'GROUP', groupId, consumerName, 'COUNT', size, 'BLOCK', String(blockMs)];
    const command = [...reading, 'STREAMS', ...streams, ...streams.map(() => '>')];
    const end = (ended: AbortSignal) => void unblock(connection, blocking, ended);
    const read = entriesByStream(await callBlocking(blocking, command, blockMs, abortSignal, end));
    for (const [stream, { entries, trimmed }] of read) {
      watch.read(stream, entries, trimmed.length);
      batch.grow(entries.length, entryBytes(entries));
      await pending.discard(stream, trimmed);
    }
    const empty = streams.filter((stream) => read.every(([name]) => name !== stream));
    for (const stream of empty) watch.read(stream, []);
    return read.flatMap(([stream, { entries }]) => inFlight.add(stream, entries));
  }
}

/**
 * Ends a blocking read from another connection, so that its reply arrives. To cut it off instead would leave entries with
 * this member that it does not know: Redis sees the read blocked until it learns that the connection was closed.
 * Without the right to do so, the read ends by itself, or is cut off when the consumer waits no longer.
 */
async function unblock(
  connection: RedisConnection,
  blocking: RedisConnection,
  ended: AbortSignal,
): Promise<void> {
  try {
    while (!ended.aborted) {
      const id = blocking.clientId;
      if (id !== undefined) await connection.call(['CLIENT', 'UNBLOCK', String(id)]);
      await runtime().clock.sleep(UNBLOCK_EVERY_MS, ended); // the read may be under way to Redis
    }
  } catch {
    // refused, or unreachable
  }
}

const UNBLOCK_EVERY_MS = 50;
