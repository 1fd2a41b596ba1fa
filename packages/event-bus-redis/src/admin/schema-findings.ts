import { fullTopicName, okFinding, problemFinding, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import { RedisReplyError } from '../driver/redis-reply-error.js';
import type { RedisView } from './redis-view.js';

/** Checks the hash of schemas, which consumers need to decode events of other versions. */
export async function schemaFindings({ ask, topicPrefix }: RedisView): Promise<readonly Finding[]> {
  const hash = fullTopicName('openedx-events-schemas', topicPrefix);
  const [stored] = await ask(['HLEN', hash]);
  if (!(stored instanceof RedisReplyError)) {
    return [
      Number(stored) === 0
        ? okFinding(
            'schemas',
            `${hash} holds no schema yet: events of Python services are decoded with our own definitions`,
          )
        : okFinding('schemas', `schemas in ${hash}: ${Number(stored)}`),
    ];
  }
  if (stored.code === 'WRONGTYPE') {
    const message = `the key ${hash} is no hash: another program uses it, and no event can be sent`;
    return [problemFinding('schemas', message, 'delete that key, or choose another EVENT_BUS_TOPIC_PREFIX')];
  }
  const cure = `grant the user HGET and HSETNX on ${hash}: without them no event can be sent or received`;
  return [warningFinding('schemas', stored.message, cure)];
}
