import type { RedisCommand, RedisReply } from '../driver/redis-command.js';
import { FIRST_PAGE, nextPageCount } from './next-page-count.js';

/** An entry as `XRANGE` returns it: id, then alternating field names and values. */
export type RangeEntry = readonly [id: Buffer, fields: readonly Buffer[]];

/**
 * Reads a range of a stream in pages. Each page is about a megabyte, whatever the size of entries, so that a slow line is
 * not busy for long; an entry that is larger is a page of its own.
 *
 * @param call sends a command and throws a refusal
 * @param from the first id, `-`, or `(` and the id before it
 * @param to the last id, or `+`
 * @param name `XREVRANGE` reads from the newest entry to the oldest: `from` is then the greater id, or `+`
 */
export async function* entryPages(
  call: (command: RedisCommand) => Promise<RedisReply>,
  stream: string,
  from: string,
  to: string,
  name: 'XRANGE' | 'XREVRANGE' = 'XRANGE',
): AsyncGenerator<readonly RangeEntry[]> {
  let count = FIRST_PAGE;
  for (let start = from; ; ) {
    const reply = await call([name, stream, start, to, 'COUNT', String(count)]);
    const page = (reply ?? []) as unknown as readonly RangeEntry[];
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < count) return;
    start = `(${String(last[0])}`;
    count = nextPageCount(
      page.map(([, fields]) => fields),
      count,
    );
  }
}
