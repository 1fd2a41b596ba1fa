import { runtime } from '@openedx-ts/events-core/bus';
import type { RedisConnection } from '../driver/redis-connection.js';
import { RedisReplyError } from '../driver/redis-reply-error.js';
import { fieldsOf, textIn } from '../stream/info-reply.js';
import { hasPrefixTwice, isUnwritten } from '../stream/unwritten-stream.js';

/** The stream of a consumer. */
export interface ConsumedStream {
  readonly stream: string;
  readonly groupId: string;
  readonly topicPrefix: string | undefined;
}

/**
 * Warns when no event was ever sent to a stream that a consumer reads: a consumer creates the stream of a misspelled topic,
 * and then looks healthy.
 */
export async function warnOfUnwrittenStream(
  connection: RedisConnection,
  { stream, groupId, topicPrefix }: ConsumedStream,
): Promise<void> {
  const [about] = await connection.send([['XINFO', 'STREAM', stream]]);
  if (about === undefined || about instanceof RedisReplyError) return; // the watch reports missing permissions
  if (!isUnwritten(textIn(fieldsOf(about), 'last-generated-id') ?? '')) return;
  const cure = hasPrefixTwice(stream, topicPrefix)
    ? 'its name has the prefix twice: give topics without the prefix'
    : 'check the topic and EVENT_BUS_TOPIC_PREFIX; openedx-events doctor finds streams with similar names';
  runtime().logger.warn(
    { stream, groupId },
    `no event was ever sent to the stream of this consumer: ${cure}`,
  );
}
