import { deadLetterTopic, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import { RedisReplyError } from '../driver/redis-reply-error.js';
import type { AskRedis } from './ask-redis.js';

/** Warns of streams that hold dead letters: events that a group could not process. */
export async function deadLetterFindings(
  ask: AskRedis,
  streams: readonly string[],
  groupId: string | undefined,
): Promise<readonly Finding[]> {
  const wanted = streams
    .filter((stream) => groupId === undefined || stream.endsWith(deadLetterTopic('', groupId)))
    .sort();
  if (wanted.length === 0) return [];
  const lengths = await ask(...wanted.map((stream) => ['XLEN', stream]));
  return wanted.flatMap((stream, index) => {
    const length = lengths[index];
    if (length instanceof RedisReplyError || Number(length) === 0) return [];
    return [
      warningFinding(
        `dead letters ${stream}`,
        `events that the group could not process: ${Number(length)}`,
        'read the reasons with openedx-events dlq show, fix the cause, and send them again with dlq redrive',
      ),
    ];
  });
}
