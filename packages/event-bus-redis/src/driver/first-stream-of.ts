import type { RedisCommand } from './redis-command.js';

/** The first stream of `XREAD` or `XREADGROUP`; undefined for another command. A group or a member may be named STREAMS. */
export function firstStreamOf(command: RedisCommand): string | Uint8Array | undefined {
  const start = optionsStart.get(String(command[0]));
  return start === undefined ? undefined : command[command.indexOf('STREAMS', start) + 1];
}

/** Where the options start: behind the names of group and member, which may be any. */
const optionsStart: ReadonlyMap<string, number> = new Map([
  ['XREAD', 1],
  ['XREADGROUP', 4],
]);
