import type { StoredMessage } from '@openedx-ts/events-core/operate';
import type { FetchedRecord } from '../driver/protocol/record-batch.js';
import { laneName } from '../group/lane-name.js';

/** A record of a partition as operators' tools see it. */
export function storedMessageOf(
  fullTopic: string,
  partition: number,
  { offset, key, value, headers, sentAt }: FetchedRecord,
): StoredMessage {
  return {
    message: { topic: fullTopic, key, value, headers },
    lane: laneName(fullTopic, partition),
    position: `${partition}:${offset}`,
    storedAt: sentAt,
  };
}
