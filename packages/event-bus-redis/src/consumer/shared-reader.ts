import { type Delivery, runtime } from '@openedx-ts/events-core/bus';
import type { RedisReply } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import { keyRefusal } from '../driver/redis-reply-error.js';
import { LAST_ID } from '../stream/entry-id.js';
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
  /** Streams whose own pending entries were read. */
  readonly #started = new Set<string>();

  constructor(context: StreamReaderOptions) {
    this.#context = context;
  }

  /** Yields this member's own pending entries first, then new ones; every `claimEveryMs` what other members abandoned. */
  async *read(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    const { usable, options } = this.#context;
    this.#started.clear();
    let claimAt = 0;
    while (!abortSignal.aborted) {
      for (const stream of await usable.open()) {
        if (!this.#started.has(stream)) yield* this.#unlessRefused(stream, this.#start(stream, abortSignal));
      }
      if (runtime().clock.monotonic() >= claimAt) {
        for (const stream of this.#started)
          yield* this.#unlessRefused(stream, this.#claim(stream, abortSignal));
        claimAt = runtime().clock.monotonic() + options.claimEveryMs;
      }
      yield await this.#readNew(abortSignal);
    }
  }

  /** Yields the deliveries of one stream. When Redis refuses its key, the stream is left out until it is started again. */
  async *#unlessRefused(
    stream: string,
    deliveries: AsyncGenerator<readonly Delivery[]>,
  ): AsyncGenerator<readonly Delivery[]> {
    try {
      yield* deliveries;
    } catch (error) {
      this.#refuse(stream, error);
    }
  }

  #refuse(stream: string, error: unknown): void {
    this.#started.delete(stream);
    this.#context.usable.refuse(stream, error);
  }

  async *#start(stream: string, abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    const { watch } = this.#context;
    watch.restart(stream);
    await watch.look(stream);
    this.#started.add(stream);
    yield* this.#ownPending(stream, abortSignal);
  }

  /** Entries that an earlier process with the same `consumerName` did not acknowledge, or whose reply was lost. */
  async *#ownPending(stream: string, abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    const { pending, ownPending, watch, batch } = this.#context;
    let after: string | undefined;
    while (!abortSignal.aborted) {
      const page = await pending.own(stream, after, batch.size);
      batch.grow(page.entries.length, entryBytes(page.entries));
      if (page.last === undefined) return;
      after = page.last;
      watch.readAgain(stream, page.entries);
      yield ownPending.add(stream, page.entries);
    }
  }

  /** Every entry that can be claimed now, page by page: a member that died may have left a thousand entries. */
  async *#claim(stream: string, abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    const { pending, ownPending, options, batch, isPaused } = this.#context;
    let isLast = false;
    while (!isLast && !abortSignal.aborted && !isPaused(stream)) {
      const page = await pending.claim(stream, options.claimIdleMs, batch.size);
      const { entries = [] } = page ?? {};
      isLast = page?.isLast ?? true;
      batch.grow(entries.length, entryBytes(entries));
      yield ownPending.add(stream, entries);
    }
  }

  async #readNew(abortSignal: AbortSignal): Promise<readonly Delivery[]> {
    const { options, pending, ownPending, watch, batch, isPaused, usable } = this.#context;
    const streams = [...this.#started].filter((stream) => !isPaused(stream));
    if (streams.length === 0) {
      await runtime().clock.sleep(Math.min(options.blockMs, PAUSED_WAIT_MS), abortSignal);
      return [];
    }
    for (const stream of streams) await watch.beforeRead(stream);
    let read: ReturnType<typeof entriesByStream>;
    try {
      read = entriesByStream(await this.#call(streams, abortSignal));
    } catch (error) {
      await this.#findRefused(streams, error);
      return [];
    }
    usable.confirm(streams);
    for (const [stream, { entries, trimmed }] of read) {
      watch.read(stream, entries, trimmed.length);
      batch.grow(entries.length, entryBytes(entries));
      await pending.discard(stream, trimmed);
    }
    const empty = streams.filter((stream) => read.every(([name]) => name !== stream));
    for (const stream of empty) watch.read(stream, []);
    return read.flatMap(([stream, { entries }]) => ownPending.add(stream, entries));
  }

  #call(streams: readonly string[], abortSignal: AbortSignal): Promise<RedisReply> {
    const { options, connection, blocking, batch } = this.#context;
    const { blockMs } = options;
    const size = String(batch.sizeOf(streams.length));
    const reading = this.#reading(size, 'BLOCK', String(blockMs));
    const command = [...reading, 'STREAMS', ...streams, ...streams.map(() => '>')];
    const end = (ended: AbortSignal) => void unblock(connection, blocking, ended);
    return callBlocking(blocking, command, blockMs, abortSignal, end);
  }

  /** A read is refused as a whole: finds out which of its streams is why. @throws the error, when none of them is */
  async #findRefused(streams: readonly string[], error: unknown): Promise<void> {
    if (keyRefusal(error) === undefined) throw error;
    let isFound = false;
    for (const stream of streams) {
      try {
        // Reads this member's pending entries behind the last possible id: none, and nothing is delivered.
        await this.#context.connection.call([...this.#reading('1'), 'STREAMS', stream, LAST_ID]);
      } catch (refusal) {
        this.#refuse(stream, refusal);
        isFound = true;
      }
    }
    if (!isFound) throw error;
  }

  #reading(count: string, ...blocking: readonly string[]): readonly string[] {
    const { options, consumerName } = this.#context;
    return ['XREADGROUP', 'GROUP', options.groupId, consumerName, 'COUNT', count, ...blocking];
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
      await connection.unblock(blocking);
      await runtime().clock.sleep(UNBLOCK_EVERY_MS, ended); // the read may be under way to Redis
    }
  } catch {
    // refused, or unreachable
  }
}

const UNBLOCK_EVERY_MS = 50;
