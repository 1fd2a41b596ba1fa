import { reasonOf, runtime } from '@openedx-ts/events-core/bus';
import type { RedisConnection } from '../driver/redis-connection.js';
import type { GroupMembers } from '../group/group-members.js';
import type { PendingEntries } from '../group/pending-entries.js';
import { whileAnswered } from './while-answered.js';

/** What a member that stops leaves behind. */
export interface LeaveGroupOptions {
  readonly streams: readonly string[];
  readonly groupId: string;
  readonly consumerName: string;
  readonly claimIdleMs: number;
  readonly connection: RedisConnection;
  readonly pending: PendingEntries;
  readonly members: GroupMembers;
}

/**
 * Returns pending entries to the group, so that the next member claims them at once and not after `claimIdleMs`, and
 * removes the member. Closes the connection when Redis is silent: then the entries wait for `claimIdleMs`.
 *
 * @returns whether Redis was not silent
 */
export async function leaveGroup(options: LeaveGroupOptions): Promise<boolean> {
  for (const stream of options.streams) {
    const close = () => void options.connection.close();
    if (!(await whileAnswered(leaveStream(options, stream), close))) return false;
  }
  return true;
}

async function leaveStream(
  { groupId, consumerName, claimIdleMs, pending, members }: LeaveGroupOptions,
  stream: string,
): Promise<void> {
  const failed = (message: string) => (error: unknown) =>
    runtime().logger.warn({ stream, groupId, reason: reasonOf(error) }, message);
  await pending
    .release(stream, claimIdleMs)
    .catch(
      failed(
        'pending entries could not be returned to the group: other members claim them after claimIdleMs',
      ),
    );
  await members
    .remove(stream, consumerName)
    .catch(failed('this member could not be removed from the group: Redis goes on listing it'));
}
