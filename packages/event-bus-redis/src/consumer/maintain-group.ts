import { runtime } from '@openedx-ts/events-core/bus';
import type { RedisConnection } from '../driver/redis-connection.js';
import type { GroupMembers } from '../group/group-members.js';
import type { PendingEntries } from '../group/pending-entries.js';
import type { ResolvedRedisConsumerOptions } from '../options/redis-options.js';
import type { TrimWatch } from '../watch/trim-watch.js';
import { warnOfUnwrittenStream } from './warn-of-unwritten-stream.js';

/** What a member maintains. */
export interface MaintainGroupOptions {
  readonly options: ResolvedRedisConsumerOptions;
  readonly consumerName: string;
  /** The streams of the consumer, its retry topics included. */
  readonly streams: readonly string[];
  /** Whether a stream is a retry topic. */
  readonly isRetryTopic: (stream: string) => boolean;
  /** Whether a stream does not exist, and need not. */
  readonly isMissing: (stream: string) => boolean;
  readonly connection: RedisConnection;
  readonly pending: PendingEntries;
  readonly watch: TrimWatch;
  readonly members: GroupMembers;
}

/**
 * Keeps other members from claiming entries that are pending for this one, however long they are processed, watches the
 * streams, and removes members that have ended; also while nothing is read, because too many entries are pending. Ends
 * when the signal fires.
 */
export async function maintainGroup(
  { options, streams, consumerName, isRetryTopic, isMissing, ...given }: MaintainGroupOptions,
  abortSignal: AbortSignal,
): Promise<void> {
  const { connection, pending, watch, members } = given;
  const { claimEveryMs, groupId, topicPrefix, singleActive } = options;
  for (let round = 1; ; round += 1) {
    await runtime().clock.sleep(claimEveryMs, abortSignal);
    if (abortSignal.aborted) return;
    for (const stream of streams) {
      // Not at the start itself: services that are started together may send their first event a little later.
      if (isMissing(stream)) continue;
      if (round === 1 && !isRetryTopic(stream))
        await warnOfUnwrittenStream(connection, { stream, groupId, topicPrefix }).catch(() => {});
      // The reader notices an unreachable Redis, and logs it.
      if (!singleActive) await pending.touch(stream, abortSignal).catch(() => {});
      // A redrive is refused while no member is active, and a replay while one is.
      if (!singleActive) await members.show(stream, consumerName).catch(() => {});
      if (abortSignal.aborted) return;
      await watch.look(stream);
      if (round % CLEAN_UP_EVERY === 0) await removeIdleMembers(members, stream, options);
    }
  }
}

/** Rounds from one look for members to remove to the next. */
const CLEAN_UP_EVERY = 4;

/** Removes the members of processes that crashed, long after all their entries could be claimed. */
async function removeIdleMembers(
  members: GroupMembers,
  stream: string,
  { claimIdleMs, blockMs, groupId }: ResolvedRedisConsumerOptions,
): Promise<void> {
  try {
    const removed = await members.removeIdle(stream, ENDED_FACTOR * Math.max(claimIdleMs, blockMs));
    if (removed === 0) return;
    runtime().logger.info(
      { stream, groupId, removed },
      'members that had ended without leaving were removed',
    );
  } catch {
    // The reader notices an unreachable Redis; `doctor` shows what stays without the rights to remove it.
  }
}

/** A member that was idle for so many times `claimIdleMs` has ended: by default after ten minutes. */
const ENDED_FACTOR = 10;
