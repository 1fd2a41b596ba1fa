import type { RedisCommand, RedisReply } from '../driver/redis-command.js';

/** An entry as `XRANGE` returns it: id, then alternating field names and values. */
export type RangeEntry = readonly [id: Buffer, fields: readonly Buffer[]];

/**
 * Reads a range of a stream in pages. Each page is about a megabyte, whatever the size of entries, so that a slow line is
 * not busy for long; an entry that is larger is a page of its own.
 *
 * @param call sends a command and throws a refusal
 * @param from the first id, `-`, or `(` and the id before it
 * @param to the last id, or `+`
 */
export async function* entryPages(
  call: (command: RedisCommand) => Promise<RedisReply>,
  stream: string,
  from: string,
  to: string,
): AsyncGenerator<readonly RangeEntry[]> {
  let count = FIRST_PAGE;
  for (let start = from; ; ) {
    const reply = await call(['XRANGE', stream, start, to, 'COUNT', String(count)]);
    const page = (reply ?? []) as unknown as readonly RangeEntry[];
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < count) return;
    start = `(${String(last[0])}`;
    count = nextCount(page, count);
  }
}

/** As many entries as fill a page if they are like these; at most twice as many as before, because the next may be large. */
function nextCount(page: readonly RangeEntry[], count: number): number {
  const bytes = page.reduce((sum, [, fields]) => fields.reduce((part, { length }) => part + length, sum), 0);
  const fitting = Math.floor((PAGE_BYTES * page.length) / Math.max(1, bytes));
  return Math.max(1, Math.min(fitting, count * 2, MAX_PAGE));
}

const FIRST_PAGE = 16;
const MAX_PAGE = 1_000;
const PAGE_BYTES = 1_000_000;
