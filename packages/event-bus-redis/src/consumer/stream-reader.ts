import type { Delivery } from '@openedx-ts/events-core/bus';
import type { RedisReply } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import type { OwnPendingEntries } from '../group/own-pending-entries.js';
import type { PendingEntries } from '../group/pending-entries.js';
import type { ResolvedRedisConsumerOptions } from '../options/redis-options.js';
import type { TrimWatch } from '../watch/trim-watch.js';
import type { BatchSize } from './batch-size.js';
import type { UsableStreams } from './usable-streams.js';

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
  readonly usable: UsableStreams;
  readonly consumerName: string;
  readonly connection: RedisConnection;
  /** The connection of blocking reads, which delay every other command on it. */
  readonly blocking: RedisConnection;
  readonly pending: PendingEntries;
  readonly ownPending: OwnPendingEntries;
  readonly watch: TrimWatch;
  /** Number of entries of one read. */
  readonly batch: BatchSize;
  readonly isPaused: (stream: string) => boolean;
}

/**
 * Sends a command that blocks for `blockMs` at most. A reply that is three seconds late means that Redis is frozen.
 *
 * @param end called when the signal fires before there is a reply; its own signal fires when the command has ended
 */
export async function callBlocking(
  connection: RedisConnection,
  command: readonly string[],
  blockMs: number,
  abortSignal: AbortSignal,
  end: (ended: AbortSignal) => void,
): Promise<RedisReply> {
  const ended = new AbortController();
  const onAbort = () => end(ended.signal);
  abortSignal.addEventListener('abort', onAbort, { once: true });
  if (abortSignal.aborted) onAbort();
  try {
    return await connection.call(command, blockMs + BLOCK_GRACE_MS);
  } finally {
    abortSignal.removeEventListener('abort', onAbort);
    ended.abort();
  }
}

const BLOCK_GRACE_MS = 3_000;

/** Milliseconds after which a reader looks again at streams that are all paused. */
export const PAUSED_WAIT_MS = 100;
