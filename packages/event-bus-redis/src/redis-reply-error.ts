import { InfrastructureError } from '@openedx-ts/events-core';
import { RedisAccessError } from './redis-access-error.js';
import type { RedisCommand } from './redis-command.js';

/**
 * Redis refused a command; `code` is the first word of its answer, such as `NOGROUP` or `WRONGTYPE`. It names the key
 * and never holds the arguments, unlike the error of the driver: those are payloads and passwords.
 */
export class RedisReplyError extends Error {
  readonly code: string;

  constructor(text: string, command: RedisCommand) {
    const code = text.split(' ', 1)[0] as string;
    const reason = text.replace(/, with args .*$/s, '');
    const cure = cures[code] ?? (/unknown (?:sub)?command/i.test(text) ? OLD_SERVER : '');
    super(`Redis refuses ${described(command)}: ${reason}${cure === '' ? '' : ` (${cure})`}`);
    this.name = 'RedisReplyError';
    this.code = code;
  }
}

const OLD_SERVER = 'Redis 6.2 or newer is needed';

const cures: Readonly<Record<string, string>> = {
  MISCONF: 'its disk is full or broken; it takes no writes until that is mended',
  MOVED: 'a Redis Cluster is not supported: use one primary, with Sentinel or a stable name in front of it',
  NOPERM: 'give the user what its role needs: see "Access" in the README of event-bus-redis',
  OOM: 'its memory is used up: raise maxmemory or trim streams',
  READONLY: 'this is a replica; the primary is looked for again',
  WRONGTYPE: 'the key holds something else: another topic or prefix is needed, or the key has to go',
};

/** Says who is to blame: what Redis cannot do right now can be tried again, and missing rights are told apart. */
export function asInfrastructure(error: RedisReplyError): Error {
  if (temporaryCodes.has(error.code)) return new InfrastructureError(error.message, { cause: error });
  if (accessCodes.has(error.code)) return new RedisAccessError(error.message, { cause: error });
  return error;
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

/** The name of a command and the key it is about. */
function described(command: RedisCommand): string {
  const [name = '', first, second] = command;
  if (name === 'AUTH' || name === 'CLIENT' || name === 'SELECT') return name;
  // A fenced command of `Lease`: behind the script, two keys and the token.
  if (name === 'EVAL') return described(command.slice(6));
  const streams = command.indexOf('STREAMS');
  if (streams > 0) return `${name} of ${command[streams + 1]}`;
  return name === 'XGROUP' || name === 'XINFO' ? `${name} ${first} of ${second}` : `${name} of ${first}`;
}
