import calculateSlot from 'cluster-key-slot';
import { firstStreamOf } from './first-stream-of.js';
import type { RedisCommand } from './redis-command.js';

/** The slot of Redis Cluster to which a key belongs. */
export function slotOf(key: string): number {
  return calculateSlot(key);
}

/**
 * The first key of a command of this package; undefined for a command without one, such as `MULTI`, `WAIT` or `INFO`.
 * All keys of a command are in one slot: those of a script are a stream and its lease, those of a read are of one slot.
 */
export function keyOf(command: RedisCommand): string | undefined {
  const [name = ''] = command;
  if (KEYLESS.has(String(name))) return undefined;
  if (name === 'EVAL') return String(command[3]);
  if (name === 'XGROUP' || name === 'XINFO') return String(command[2]);
  const stream = firstStreamOf(command);
  if (stream !== undefined) return String(stream);
  return String(command[1]);
}

const KEYLESS: ReadonlySet<string> = new Set([
  'ASKING',
  'CLIENT',
  'CLUSTER',
  'CONFIG',
  'EXEC',
  'INFO',
  'MULTI',
  'PING',
  'SCAN',
  'TIME',
  'WAIT',
]);
