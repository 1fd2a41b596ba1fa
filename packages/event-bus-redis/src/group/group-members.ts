import type { RedisCommand } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';

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
   * Removes a member from the group of a stream, unless entries are pending for it: Redis would forget these with the
   * member, and no other member could ever claim them. A member that reads on is added again.
   *
   * @returns whether it is gone
   */
  async remove(stream: string, name: string): Promise<boolean> {
    const { connection, groupId } = this.#options;
    return (await connection.call(removeMember(stream, groupId, name))) === 1;
  }
}

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
