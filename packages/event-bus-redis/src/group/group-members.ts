import { runtime } from '@openedx-ts/events-core/bus';
import type { RedisCommand, RedisReply } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import { LAST_ID } from '../stream/entry-id.js';
import { fieldsOf, numberIn, textIn } from '../stream/info-reply.js';

/** What `GroupMembers` works with. */
export interface GroupMembersOptions {
  readonly connection: RedisConnection;
  readonly groupId: string;
}

/** The members of a group, as Redis lists them. Redis adds a member by itself, when it reads; it never removes one. */
export class GroupMembers {
  readonly #options: GroupMembersOptions;

  constructor(options: GroupMembersOptions) {
    this.#options = options;
  }

  /**
   * Makes Redis list a member as one that is active, though it has received nothing: before version 7.2 only reads that
   * return entries, and reads of pending entries, count. This reads what is pending behind the last possible id: nothing.
   */
  async show(stream: string, name: string): Promise<void> {
    const { connection, groupId } = this.#options;
    // A refusal has no effect but that.
    await connection.send([['XREADGROUP', 'GROUP', groupId, name, 'COUNT', '1', 'STREAMS', stream, LAST_ID]]);
  }

  /**
   * Removes a member from the group of a stream, unless entries are pending for it: Redis would forget these with the
   * member, and no other member could ever claim them. A member that reads on is added again.
   *
   * @returns whether it is gone
   */
  async remove(stream: string, name: string): Promise<boolean> {
    const { connection, groupId } = this.#options;
    return (await connection.call(removeMember(stream, groupId, name))) === 1;
  }

  /**
   * Removes the members that have done nothing for `idleMs`, such as those of processes that crashed, unless entries are
   * pending for them.
   *
   * @returns how many were removed
   */
  async removeIdle(stream: string, idleMs: number): Promise<number> {
    let removed = 0;
    for (const member of await this.#list(stream)) {
      const limitMs = member.isIdleExact ? idleMs : Math.max(idleMs, INEXACT_IDLE_MS);
      if (member.pending > 0 || member.idleMs < limitMs) continue;
      if (await this.remove(stream, member.name)) removed += 1;
    }
    return removed;
  }

  /**
   * Whether another process uses the name of a member now. To be called before this process uses it: Redis must report a
   * use of the name while this method waits. It waits only if the name was used within `usedWithinMs`, and no longer than
   * until that is over, so a process that died a moment ago is not taken for one that lives. Before Redis 7.2 only a member
   * that receives entries is noticed.
   */
  async isUsedElsewhere(
    stream: string,
    name: string,
    usedWithinMs: number,
    abortSignal: AbortSignal,
  ): Promise<boolean> {
    const { clock } = runtime();
    for (let idleBefore = Number.NEGATIVE_INFINITY; !abortSignal.aborted; ) {
      const member = (await this.#list(stream)).find((one) => one.name === name);
      if (member === undefined || member.idleMs > usedWithinMs) return false;
      if (member.idleMs < idleBefore) return true;
      idleBefore = member.idleMs;
      await clock.sleep(Math.min(LOOK_EVERY_MS, usedWithinMs), abortSignal);
    }
    return false;
  }

  async #list(stream: string): Promise<readonly Member[]> {
    const { connection, groupId } = this.#options;
    const reply = await connection.call(['XINFO', 'CONSUMERS', stream, groupId]);
    return ((reply ?? []) as readonly RedisReply[]).map(fieldsOf).map((fields) => ({
      name: textIn(fields, 'name') ?? '',
      pending: numberIn(fields, 'pending') ?? 0,
      idleMs: numberIn(fields, 'idle') ?? 0,
      isIdleExact: fields.has('inactive'),
    }));
  }
}

interface Member {
  readonly name: string;
  readonly pending: number;
  readonly idleMs: number;
  /** Whether reads that bring nothing count, too: since Redis 7.2. */
  readonly isIdleExact: boolean;
}

/** Where Redis does not count such reads, a member of a quiet stream is idle for long. */
const INEXACT_IDLE_MS = 24 * 60 * 60_000;

const LOOK_EVERY_MS = 100;

/**
 * Asking and removing are one step. Between two commands an entry may be delivered to the member by a read that Redis still
 * sees blocked, by a claim whose reply was lost, or to another process with the same name (decision 13).
 */
const SCRIPT = `local pending = redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', '1', ARGV[2])
if #pending > 0 then return 0 end
redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
return 1`;

function removeMember(stream: string, groupId: string, name: string): RedisCommand {
  return ['EVAL', SCRIPT, '1', stream, groupId, name];
}
