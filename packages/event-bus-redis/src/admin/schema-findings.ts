import { fullTopicName, okFinding, problemFinding, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import { RedisReplyError } from '../redis-connection.js';
import type { RedisView } from './redis-view.js';

/** Whether the schemas of events that were sent are where consumers look for them. */
export async function schemaFindings({ ask, topicPrefix }: RedisView): Promise<readonly Finding[]> {
  const hash = fullTopicName('openedx-events-schemas', topicPrefix);
  const [kept] = await ask(['HLEN', hash]);
  if (!(kept instanceof RedisReplyError)) {
    return [
      Number(kept) === 0
        ? okFinding('schemas', `${hash} holds none yet: events of Python are read with our own definitions`)
        : okFinding('schemas', `${hash} holds ${Number(kept)}`),
    ];
  }
  if (kept.code === 'WRONGTYPE') {
    const message = `the key ${hash} is no hash: another program uses it, and nothing can be sent`;
    return [
      problemFinding('schemas', message, 'remove that key, or set EVENT_BUS_TOPIC_PREFIX to something else'),
    ];
  }
  const cure = `allow the user HGET and HSETNX on ${hash}; without them nothing can be sent or read`;
  return [warningFinding('schemas', kept.message, cure)];
}
