import { InfrastructureError } from '@openedx-ts/events-core';
import { unfenced } from './fenced-command.js';
import { firstStreamOf } from './first-stream-of.js';
import { RedisAccessError } from './redis-access-error.js';
import type { RedisCommand, RedisReply } from './redis-command.js';

/**
 * Redis refused a command. `code` is the first word of the error reply, such as `NOGROUP` or `WRONGTYPE`. The message
 * names the command and its key, never other arguments: those may be payloads or passwords.
 */
export class RedisReplyError extends Error {
  readonly code: string;
  /** Whether the key is what Redis refuses: it is of another type, or this user may not access it. Other keys may work. */
  readonly isOfKey: boolean;

  constructor(reply: string, command: RedisCommand) {
    const text = reply.replace(ABORTED, '');
    const isScriptDenied = DENIED_IN_SCRIPT.test(text);
    const code = isScriptDenied ? 'NOPERM' : (text.split(' ', 1)[0] as string);
    const reason = `${isScriptDenied ? 'NOPERM ' : ''}${text.replace(/, with args .*$/s, '')}`;
    const cure = cureOf(code, text, command);
    super(`Redis refuses ${described(command)}: ${reason}${cure === '' ? '' : ` (${cure})`}`);
    this.name = 'RedisReplyError';
    this.code = code;
    this.isOfKey = code === 'WRONGTYPE' || (code === 'NOPERM' && DENIED_KEY.test(text));
  }
}

/** How `EXEC` refuses a transaction for a reason of its own, which follows. */
const ABORTED = /^EXECABORT .* because of: /;

/** Lacking permissions have no code of their own when a script runs into them. */
const DENIED_IN_SCRIPT = /ACL failure in script|user executing the script can't (?:run|access)/i;

/** Redis 6.2 to 8 name a missing permission differently, but always that of a command or that of a key. */
const DENIED_KEY = /\baccess\b.*\bkeys?\b/is;

const OLD_SERVER = 'Redis 6.2 or newer is needed';

function cureOf(code: string, text: string, command: RedisCommand): string {
  if (code === 'WRONGTYPE' && unfenced(command)[0]?.toString().startsWith('H') === true)
    return 'the key is no hash: choose another prefix, or delete the key';
  return cures[code] ?? (/unknown (?:sub)?command/i.test(text) ? OLD_SERVER : '');
}

const CLUSTER =
  'this server is a node of a Redis Cluster: set the option cluster (EVENT_BUS_REDIS_CLUSTER=true)';

const cures: Readonly<Record<string, string>> = {
  MISCONF: 'its disk is full or broken: it accepts no writes until that is repaired',
  ASK: CLUSTER,
  CROSSSLOT: CLUSTER,
  MOVED: CLUSTER,
  NOPERM: 'give the user what its role needs: see "Access" in the README of event-bus-redis',
  OOM: 'its memory is full: raise maxmemory or trim streams',
  READONLY: 'this is a replica; the next command connects again to find the primary',
  WRONGTYPE: 'the key is no stream: choose another topic or prefix, or delete the key',
};

/**
 * The error to throw for a refusal: an InfrastructureError where Redis may execute the command later, a RedisAccessError
 * where permissions are missing, the refusal itself otherwise.
 */
export function thrownError(error: RedisReplyError): Error {
  if (temporaryCodes.has(error.code)) return new InfrastructureError(error.message, { cause: error });
  if (accessCodes.has(error.code)) return new RedisAccessError(error.message, { cause: error });
  return error;
}

/** Replies none of which may be a refusal. @throws as `thrownError`, for the first refusal */
export function repliesOrThrow(replies: readonly (RedisReply | RedisReplyError)[]): readonly RedisReply[] {
  return replies.map((reply) => {
    if (reply instanceof RedisReplyError) throw thrownError(reply);
    return reply;
  });
}

/** The refusal in what was thrown; undefined for an error that is no reply to a command. */
export function refusalIn(error: unknown): RedisReplyError | undefined {
  const refusal = error instanceof RedisAccessError ? error.cause : error;
  return refusal instanceof RedisReplyError ? refusal : undefined;
}

/** The refusal of a key in what was thrown; undefined for any other error. */
export function keyRefusal(error: unknown): RedisReplyError | undefined {
  const refusal = refusalIn(error);
  return refusal?.isOfKey === true ? refusal : undefined;
}

/**
 * The error to throw where one lane waits until somebody has repaired what is refused: an InfrastructureError, so that
 * other lanes go on. Errors without a refusal as they are.
 *
 * @param find which refusals are waited for
 */
export function waitingFor(find: typeof refusalIn, error: unknown): unknown {
  const refusal = find(error);
  return refusal === undefined ? error : new InfrastructureError(refusal.message, { cause: error });
}

/** Makes a handler of rejections that throws what `waitingFor` returns. */
export function throwWaiting(find: typeof refusalIn): (error: unknown) => never {
  return (error) => {
    throw waitingFor(find, error);
  };
}

const temporaryCodes: ReadonlySet<string> = new Set([
  'BUSY',
  'CLUSTERDOWN',
  'LOADING',
  'MASTERDOWN',
  'MISCONF',
  'NOREPLICAS',
  'OOM',
  'READONLY',
  'TRYAGAIN',
  'UNBLOCKED',
]);

const accessCodes: ReadonlySet<string> = new Set(['NOAUTH', 'NOPERM', 'WRONGPASS']);

/** The name of a command and its key. */
function described(command: RedisCommand): string {
  const [name = '', first, second] = unfenced(command);
  if (name === 'EXEC' || name === 'MULTI') return `${name} of a transaction`;
  if (name === 'AUTH' || name === 'CLIENT' || name === 'SELECT') return String(name);
  if (name === 'EVAL') return `${name} of ${command[3]}`;
  const stream = firstStreamOf(unfenced(command));
  if (stream !== undefined) return `${name} of ${stream}`;
  return name === 'XGROUP' || name === 'XINFO' ? `${name} ${first} of ${second}` : `${name} of ${first}`;
}
