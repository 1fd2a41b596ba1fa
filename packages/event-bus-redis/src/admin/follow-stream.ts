import type { FollowedMessages } from '@openedx-ts/events-core/operate';
import type { RedisReply } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import { FIRST_PAGE, nextPageCount } from '../stream/next-page-count.js';
import { entriesIn } from '../stream/stream-reply.js';
import { storedMessageOf } from './stored-message-of.js';

/**
 * Yields the entries of a stream behind an id as they are added, whether the stream exists yet or not.
 *
 * @param connection is used for nothing else, because a read blocks; it is closed when the signal fires
 * @throws InfrastructureError when Redis is unreachable, or does not reply in time
 */
export async function* followStream(
  connection: Pick<RedisConnection, 'call' | 'close'>,
  stream: string,
  from: string,
  abortSignal: AbortSignal,
): AsyncGenerator<FollowedMessages, void> {
  const close = () => void connection.close();
  abortSignal.addEventListener('abort', close, { once: true });
  try {
    let [next, count] = [from, FIRST_PAGE];
    while (!abortSignal.aborted) {
      const block = ['BLOCK', String(BLOCK_MS)];
      const command = ['XREAD', 'COUNT', String(count), ...block, 'STREAMS', stream, next];
      const page = pageIn(await connection.call(command, BLOCK_MS + GRACE_MS));
      const last = page.at(-1);
      if (last === undefined) continue;
      next = String(last[0]);
      count = nextPageCount(
        page.map(([, fields]) => fields),
        count,
      );
      const messages = entriesIn(page as unknown as RedisReply).entries.map((entry) =>
        storedMessageOf(stream, entry),
      );
      if (messages.length > 0) yield { messages, next };
    }
  } catch (error) {
    if (!abortSignal.aborted) throw error;
  } finally {
    abortSignal.removeEventListener('abort', close);
  }
}

const BLOCK_MS = 5_000;
/** A reply that is so late means that Redis is frozen. */
const GRACE_MS = 3_000;

/** The entries in a reply of `XREAD` for one stream; null when there were none. */
function pageIn(reply: RedisReply): readonly (readonly [id: Buffer, fields: readonly Buffer[]])[] {
  const [found] = (reply ?? []) as unknown as readonly (readonly [Buffer, ReturnType<typeof pageIn>])[];
  return found?.[1] ?? [];
}
