import type { RedisCommand, RedisReply } from '../driver/redis-command.js';

/**
 * Returns why a lease key is none that a member sets and renews, so that waiting for its end is of no use; undefined for a
 * key that is in order.
 *
 * @param holder the reply to `holderCommand`
 * @param ttlMs the reply to `PTTL`
 */
export function leaseProblem(
  key: string,
  holder: RedisReply | undefined,
  ttlMs: number,
  leaseMs: number,
): string | undefined {
  const cure = `check that no member holds it, then delete it (DEL ${key})`;
  if (holder === WRONG_TYPE || (Buffer.isBuffer(holder) && !TOKEN_END.test(holder.toString('latin1'))))
    return `the lease key ${key} was not written by a member: another program uses it. Choose another groupId, or ${cure}`;
  if (ttlMs === NO_EXPIRY) return `the lease key ${key} never expires: ${cure}`;
  if (ttlMs > Math.max(leaseMs * 10, LONG_TTL_MS))
    return `the lease key ${key} expires in ${Math.round(ttlMs / 60_000)} minutes only, leaseMs is ${leaseMs}: ${cure}`;
  return undefined;
}

/** The command of members that reads of a lease key what `leaseProblem` needs, whatever its type and size. */
export function holderCommand(key: string): RedisCommand {
  return ['EVAL', HOLDER_SCRIPT, '1', key];
}

/** As `leaseProblem`, from the replies to `lookCommands`; undefined also where there is no key. */
export function leaseProblemIn(
  key: string,
  [type, ttlMs, holder]: readonly (RedisReply | undefined)[],
  leaseMs: number,
): string | undefined {
  if (String(type) === 'none') return undefined;
  return leaseProblem(key, String(type) === 'string' ? holder : WRONG_TYPE, Number(ttlMs), leaseMs);
}

/** The commands of operators for the same: they change nothing and need no right to run scripts. */
export function lookCommands(key: string): readonly RedisCommand[] {
  return [
    ['TYPE', key],
    ['PTTL', key],
    ['GETRANGE', key, `-${TOKEN_END_LENGTH}`, '-1'],
  ];
}

/** Stands for the value of a key that is no text. */
const WRONG_TYPE = 1;
/** The reply of PTTL for a key without expiry. */
const NO_EXPIRY = -1;
/** Members may have another `leaseMs` than this one. */
const LONG_TTL_MS = 600_000;

/** A token ends with a space and a UUID. */
const TOKEN_END = / [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TOKEN_END_LENGTH = 37;

/** The end of the value; `WRONG_TYPE` for a key of another type, 0 without a key. */
const HOLDER_SCRIPT = `local v = redis.pcall('GET', KEYS[1]) if type(v) == 'string' then return string.sub(v, -${TOKEN_END_LENGTH}) end return type(v) == 'table' and ${WRONG_TYPE} or 0`;
