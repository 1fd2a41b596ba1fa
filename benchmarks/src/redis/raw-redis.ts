import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { schemaOf } from '@openedx-ts/events-avro';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import avro from 'avsc';
import { Redis } from 'ioredis';
import { sampleEnrollment } from '../sample-event.js';

/** The least that a program with ioredis and avsc can do for the same entries: no checks, no retries, no life cycle. */
export interface RawRedis extends Disposable {
  /** Writes entries, so many in a pipeline, one pipeline after another. */
  produce(times: number, batchSize: number): Promise<void>;
  /** Writes one entry at once. */
  add(id: string): Promise<unknown>;
  /**
   * A new group reads a stream from its beginning, a hundred entries at once and the next hundred meanwhile, decodes
   * each record and acknowledges hundreds, until it has so many.
   */
  consume(stream: string, times: number): Promise<void>;
  /** A new group reads the entries from now on, and reports the id of each event. */
  listen(handled: (id: string) => void): Promise<AsyncDisposable>;
}

type Entry = readonly [id: Buffer, fields: readonly Buffer[]];

/** Connects to `stream` of a Redis. */
export async function rawRedis(url: string, stream: string, maxLength: number): Promise<RawRedis> {
  const schema = schemaOf(COURSE_ENROLLMENT_CREATED as unknown as OpenEdxPublicSignal);
  const type = avro.Type.forSchema(JSON.parse(schema.text) as avro.Schema);
  const client = new Redis(url, { protocol: 2 });
  const reader = client.duplicate();
  const trimming = ['MAXLEN', '~', String(maxLength), '*'] as const;
  const fields = entryFields(schema.fingerprint, type);

  const read = async (group: string, from: string): Promise<readonly Entry[]> => {
    const reply = await reader.xreadgroupBuffer(
      ...(['GROUP', group, 'raw', 'COUNT', 100, 'BLOCK', 2_000, 'STREAMS', from, '>'] as const),
    );
    return (
      ((reply as unknown as readonly (readonly [Buffer, readonly Entry[]])[] | null)?.[0] ?? [])[1] ?? []
    );
  };
  const newGroup = async (of: string, start: string): Promise<string> => {
    const group = `raw-${randomUUID()}`;
    await client.xgroup('CREATE', of, group, start, 'MKSTREAM');
    return group;
  };

  return {
    async produce(times, batchSize) {
      for (let left = times; left > 0; left -= batchSize) {
        const pipeline = client.pipeline();
        for (let index = Math.min(left, batchSize); index > 0; index -= 1) {
          pipeline.xadd(stream, ...trimming, ...fields(randomUUID()));
        }
        for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
      }
    },

    add: (id) => client.xadd(stream, ...trimming, ...fields(id)),

    async consume(from, times) {
      const group = await newGroup(from, '0');
      const acknowledged: Promise<unknown>[] = [];
      let handled = 0;
      for (let reading = read(group, from); handled < times; ) {
        const entries = await reading;
        if (handled + entries.length < times) reading = read(group, from);
        for (const [, parts] of entries) if (type.fromBuffer(recordIn(parts)) !== undefined) handled += 1;
        acknowledged.push(client.xack(from, group, ...entries.map(([id]) => id)));
      }
      await Promise.all(acknowledged);
    },

    async listen(handled) {
      const group = await newGroup(stream, '$');
      let isOver = false;
      const loop = (async () => {
        while (!isOver) {
          const entries = await read(group, stream);
          for (const [, parts] of entries) {
            type.fromBuffer(recordIn(parts));
            handled(String(parts[3])); // fields come in order: `type`, then `id`
          }
          if (entries.length > 0) await client.xack(stream, group, ...entries.map(([id]) => id));
        }
      })();
      return {
        [Symbol.asyncDispose]: async () => {
          isOver = true;
          await loop;
        },
      };
    },

    [Symbol.dispose]: () => {
      client.disconnect();
      reader.disconnect();
    },
  };
}

/** Makes the fields of an entry of the sample event, as the bus writes them. */
function entryFields(fingerprint: string, type: avro.Type): (id: string) => (string | Buffer)[] {
  return (id) => [
    ...['type', COURSE_ENROLLMENT_CREATED.eventType, 'id', id, 'source', 'openedx/bench/web'],
    ...['time', `${new Date().toISOString().slice(0, -1)}000+00:00`, 'minorversion', '0'],
    ...['sourcehost', hostname(), 'sourcelib', '0.1.0'],
    ...['event_data', type.toBuffer(sampleEnrollment)],
    ...['event_key', sampleEnrollment.enrollment.course.course_key, 'schema_fp', fingerprint],
  ];
}

function recordIn(parts: readonly Buffer[]): Buffer {
  for (let index = 0; index < parts.length; index += 2) {
    if (parts[index]?.equals(recordField) === true) return parts[index + 1] as Buffer;
  }
  throw new Error('an entry without a record');
}

const recordField = Buffer.from('event_data');
