import type { Delivery } from '@openedx-ts/events-core/bus';
import type { RedisConnection } from '../driver/redis-connection.js';
import type { InFlightEntries } from '../group/in-flight-entries.js';
import type { PendingEntries } from '../group/pending-entries.js';
import type { ResolvedRedisConsumerOptions } from '../options/redis-options.js';
import type { TrimWatch } from '../watch/trim-watch.js';
import type { BatchSize } from './batch-size.js';

/** Reads the streams of a consumer. */
export interface StreamReader {
  /** Yields deliveries until the signal fires; throws what Redis refuses. */
  read(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]>;
}

/** What every `StreamReader` works with. */
export interface StreamReaderOptions {
  readonly options: ResolvedRedisConsumerOptions;
  /** The full topics of the consumer. */
  readonly streams: readonly string[];
  readonly consumerName: string;
  readonly connection: RedisConnection;
  /** The connection of blocking reads, which delay every other command on it. */
  readonly blocking: RedisConnection;
  readonly pending: PendingEntries;
  readonly inFlight: InFlightEntries;
  readonly watch: TrimWatch;
  /** Number of entries of one read. */
  readonly batch: BatchSize;
  readonly isPaused: (stream: string) => boolean;
}

/**
 * Sends a command that blocks for `blockMs` at most. The signal interrupts it; then it rejects. A reply that is three
 * seconds late means that Redis is frozen.
 */
export async function callBlocking(
  connection: RedisConnection,
  command: readonly string[],
  blockMs: number,
  abortSignal: AbortSignal,
) {
  const interrupt = () => void connection.interrupt();
  abortSignal.addEventListener('abort', interrupt, { once: true });
  try {
    return await connection.call(command, blockMs + BLOCK_GRACE_MS);
  } finally {
    abortSignal.removeEventListener('abort', interrupt);
  }
}

const BLOCK_GRACE_MS = 3_000;

/** Milliseconds after which a reader looks again at streams that are all paused. */
export const PAUSED_WAIT_MS = 100;
