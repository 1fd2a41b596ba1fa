import { createHash, randomUUID } from 'node:crypto';
import type { WriterSchema } from '@openedx-ts/events-core/bus';
import type { OutboxEntry } from '../store/outbox-entry.js';

/** The schema of records and keys of `textEntry`. */
export const textSchema: WriterSchema = {
  text: '"string"',
  fingerprint: createHash('sha256').update('"string"').digest('hex'),
};

const eventType = 'org.openedx.test.item.happened.v1';

/** An entry whose record is a text of up to 63 bytes. */
export function textEntry(topic: string, key: string, text = key): OutboxEntry {
  const eventId = randomUUID();
  return {
    topic,
    key,
    eventType,
    eventId,
    metadata: JSON.stringify({
      event_type: eventType,
      id: eventId,
      minorversion: 0,
      source: 'openedx/test/web',
      sourcehost: 'host',
      time: '2026-01-02T03:04:05.678901+00:00',
      sourcelib: [1, 2, 3],
    }),
    record: avroText(text),
    recordSchema: textSchema.fingerprint,
    keyBytes: avroText(key),
    keySchema: textSchema.fingerprint,
  };
}

function avroText(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  return Uint8Array.of(2 * bytes.length, ...bytes);
}
