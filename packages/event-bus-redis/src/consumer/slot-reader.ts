import { InfrastructureError } from '@openedx-ts/events-core';
import {
  backoffMs,
  type Delivery,
  FailureLog,
  OutcomeUnknownError,
  reasonOf,
  runtime,
} from '@openedx-ts/events-core/bus';
import { RedisReplyError, thrownError } from '../driver/redis-reply-error.js';
import { BatchSize } from './batch-size.js';
import { LeasedReader } from './leased-reader.js';
import { SharedReader } from './shared-reader.js';
import type { StreamReader, StreamReaderOptions } from './stream-reader.js';
import { UsableStreams } from './usable-streams.js';

/** What a `SlotReader` works with. */
export interface SlotReaderOptions extends Omit<StreamReaderOptions, 'batch' | 'usable'> {
  /** Maximum size of a reply in bytes, as far as the size of entries is known. */
  readonly maxReplyBytes: number;
  /** See `UsableStreamsOptions`. */
  readonly createGroup: (stream: string) => Promise<boolean>;
  /** See `LeasedReaderOptions`. */
  readonly mayHold: (stream: string) => boolean;
  /** Called when the lease of a stream was lost; its entries are no longer pending for this member. */
  readonly onLost: (stream: string) => void;
}

/**
 * Reads the streams that one blocking connection reads together: all of a consumer, or on a Redis Cluster those of one
 * slot.
 */
export class SlotReader {
  readonly streams: readonly string[];
  readonly usable: UsableStreams;
  /** The reader with `singleActive`; undefined when all members process concurrently. */
  readonly leased: LeasedReader | undefined;
  readonly #context: StreamReaderOptions;
  readonly #reader: StreamReader;
  readonly #log: FailureLog;
  #unreachable: string | undefined;

  constructor({ maxReplyBytes, createGroup, onLost, mayHold, ...given }: SlotReaderOptions) {
    const { options, streams } = given;
    this.streams = streams;
    this.usable = new UsableStreams({ ...options, streams, createGroup });
    this.#context = { ...given, usable: this.usable, batch: new BatchSize(options.batchSize, maxReplyBytes) };
    if (options.singleActive) this.leased = new LeasedReader({ ...this.#context, onLost, mayHold });
    this.#reader = this.leased ?? new SharedReader(this.#context);
    this.#log = new FailureLog({
      failing:
        'Streams cannot be read, because their node of the Redis Cluster is unreachable. They are tried again; the others are read.',
      recovered: 'The streams can be read again.',
      facts: { streams, groupId: options.groupId },
    });
  }

  /** Why streams are not read, for `health()`. */
  get reasons(): readonly string[] {
    const unreachable = this.#unreachable;
    const names = this.streams.join(', ');
    return [
      ...(unreachable === undefined ? [] : [`not read, and tried again: ${names} (${unreachable})`]),
      ...this.usable.reasons,
      ...(this.leased?.problems ?? []),
    ];
  }

  /** Closes the blocking connection, so that a read ends. */
  interrupt(): Promise<void> {
    return this.#context.blocking.interrupt();
  }

  /** Closes the blocking connection for good. */
  close(): Promise<void> {
    this.leased?.abandon();
    return this.#context.blocking.close();
  }

  /** Yields the deliveries of the streams. @throws what is about more than one stream */
  async *read(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    while (!abortSignal.aborted) {
      try {
        yield* this.#reader.read(abortSignal);
      } catch (error) {
        if (abortSignal.aborted) return;
        if (error instanceof OutcomeUnknownError) this.#context.batch.shrink();
        for (const stream of this.streams) this.#context.watch.restart(stream);
        if (!(error instanceof RedisReplyError)) throw error;
        if (error.code !== 'NOGROUP') throw thrownError(error);
        this.usable.reset();
      }
    }
  }

  /** As `read`, but tries again while the node of the slot is unreachable, so that others are read. */
  async *readAlways(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    const { initialBackoffMs: initialMs, maxBackoffMs: maxMs } = this.#context.options;
    const { clock, random } = runtime();
    for (let failedTries = 0; !abortSignal.aborted; ) {
      try {
        await this.open();
        for await (const deliveries of this.read(abortSignal)) {
          failedTries = 0;
          this.#unreachable = undefined;
          this.#log.recovered();
          yield deliveries;
        }
      } catch (error) {
        if (!(error instanceof InfrastructureError)) throw error;
        failedTries += 1;
        this.#unreachable = reasonOf(error);
        this.#log.failed(error);
        await clock.sleep(backoffMs(failedTries, { initialMs, maxMs }, random), abortSignal);
      }
    }
  }

  /** Creates the groups of the streams that do not exist. */
  async open(): Promise<void> {
    this.usable.reset();
    await this.usable.open();
  }
}
