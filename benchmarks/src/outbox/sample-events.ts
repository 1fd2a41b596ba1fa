import { avroCodec } from '@openedx-ts/events-avro';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { createMetadata } from '@openedx-ts/events-core';
import {
  checkData,
  type EncodedEvent,
  eventEncoder,
  metadataToJson,
  type WriterSchema,
} from '@openedx-ts/events-core/bus';
import type { OutboxEntry } from '@openedx-ts/events-outbox';
import { sampleEnrollment } from '../sample-event.js';

/** The topic of all events that are measured. */
export const topic = 'enrollments';
export const eventKeyField = 'enrollment.course.course_key';

/** The sample event with one of many keys. */
export function enrollmentOf(index: number, keys: number): typeof sampleEnrollment {
  const { enrollment } = sampleEnrollment;
  const course_key = `course-v1:edX+DemoX.${index % keys}+2026_T1`;
  return { enrollment: { ...enrollment, course: { ...enrollment.course, course_key } } };
}

/** Encodes so many sample events, their keys spread over so many. */
export async function sampleEvents(events: number, keys: number): Promise<readonly EncodedEvent[]> {
  const encoder = await eventEncoder(avroCodec()).bind(COURSE_ENROLLMENT_CREATED);
  const { eventType, minorVersion } = COURSE_ENROLLMENT_CREATED;
  return Array.from({ length: events }, (_, index) =>
    encoder.encode({
      topic,
      eventKeyField,
      data: checkData(COURSE_ENROLLMENT_CREATED, enrollmentOf(index, keys)) as never,
      metadata: createMetadata({ eventType, minorVersion }),
    }),
  );
}

/** An encoded event as a row of the outbox. */
export function entryOf({ metadata, topic: to, record, schema, key }: EncodedEvent): OutboxEntry {
  return {
    topic: to,
    eventType: metadata.eventType,
    eventId: metadata.id,
    metadata: JSON.stringify(metadataToJson(metadata)),
    record,
    recordSchema: schema.fingerprint,
    key: key.text,
    keyBytes: key.bytes,
    keySchema: key.schema.fingerprint,
  };
}

/** The schemas of encoded events, each once. */
export function schemasOf(events: readonly EncodedEvent[]): readonly WriterSchema[] {
  const schemas = events.flatMap(({ schema, key }) => [schema, key.schema]);
  return [...new Map(schemas.map((schema) => [schema.fingerprint, schema])).values()];
}
