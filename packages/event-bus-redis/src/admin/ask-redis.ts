import type { RedisCommand, RedisReply } from '../driver/redis-command.js';
import type { RedisReplyError } from '../driver/redis-reply-error.js';

/**
 * Sends several commands at once. Resolves with one reply, or one refusal, per command.
 *
 * @throws InfrastructureError when Redis is unreachable, or does not reply in time
 */
export type AskRedis = (
  ...commands: readonly RedisCommand[]
) => Promise<readonly (RedisReply | RedisReplyError)[]>;
