import { randomUUID } from 'node:crypto';
import type { OutboxEntry } from './outbox-entry.js';

/** An entry with every field, of a topic and key. */
export function entryFor(topic: string, key: string, fields: Partial<OutboxEntry> = {}): OutboxEntry {
  const eventId = fields.eventId ?? randomUUID();
  return {
    topic,
    key,
    eventType: 'org.openedx.test.item.happened.v1',
    eventId,
    metadata: JSON.stringify({ id: eventId, event_type: 'org.openedx.test.item.happened.v1' }),
    record: Uint8Array.of(0, 1, 2, 255),
    recordSchema: 'aa',
    keyBytes: Buffer.from(key),
    keySchema: 'bb',
    ...fields,
  };
}
