import type { RedisCommand } from './redis-command.js';

/** The reply to a fenced command of a member that does not hold the lease. No fenced command replies this by itself. */
export const NOT_HELD = 0;

/** The lease that fences a command: its key, and the value of the key while this member holds it. */
export interface Fence {
  readonly leaseKey: string;
  readonly token: string;
}

/**
 * A command that Redis executes only while the lease is held with this token; otherwise the reply is `NOT_HELD`.
 *
 * @param stream the key that the command works on
 */
export function fencedCommand(
  { leaseKey, token }: Fence,
  stream: string,
  command: RedisCommand,
): RedisCommand {
  return ['EVAL', SCRIPT, '2', leaseKey, stream, token, ...command];
}

/** The command inside a fenced command; any other command as it is. */
export function unfenced(command: RedisCommand): RedisCommand {
  return command[1] === SCRIPT ? command.slice(6) : command;
}

/** `pcall`, so that every version of Redis keeps the code of a refusal, and a key of another type is no lease. */
const SCRIPT = `if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return ${NOT_HELD} end return redis.pcall(unpack(ARGV, 2))`;
