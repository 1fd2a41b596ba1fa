import type { StoredMessage } from '@openedx-ts/events-core/operate';
import type { StoredMessage as MemoryMessage } from './memory-topic.js';

/** A message of a partition as operators' tools see it. */
export function storedMessageOf(stored: MemoryMessage): StoredMessage {
  const { topic, key, value, headers, partition, offset, storedAt } = stored;
  return {
    message: { topic, key, value, headers },
    lane: `${topic}/${partition}`,
    position: `${partition}:${offset}`,
    storedAt,
  };
}
