import { deadLetterTopic, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import { RedisReplyError } from '../redis-connection.js';
import type { AskRedis } from './ask-redis.js';

/** Dead letters that lie somewhere: each is an event that a group has given up. */
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
        `events given up: ${Number(length)}`,
        'see why with openedx-events dlq show, mend it, and send them again with dlq redrive',
      ),
    ];
  });
}
