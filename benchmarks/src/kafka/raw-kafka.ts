import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { makeTopics } from '@openedx-ts/brokers';
import { schemaOf } from '@openedx-ts/events-avro';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import avro from 'avsc';
import kafkajs from 'kafkajs';
import { sampleEnrollment } from '../sample-event.js';

/** The least that a program with kafkajs and avsc can do for the same messages: no checks, no life cycle. */
export interface RawKafka extends AsyncDisposable {
  /** Sends one message and waits until all replicas have it. */
  send(topic: string, id?: string): Promise<unknown>;
  /** Sends messages, so many in a request, one request after another. */
  produce(topic: string, times: number, batchSize: number): Promise<void>;
  /** A new group reads a topic from its beginning, decodes each record and commits, until it has so many. */
  consume(topic: string, times: number): Promise<void>;
  /** A new group reads the messages from now on, and reports the id of each event. */
  listen(topic: string, handled: (id: string) => void): Promise<AsyncDisposable>;
  /** Where there is no message yet: makes the topic, with one partition. */
  createTopic(topic: string): Promise<void>;
}

interface SchemaIds {
  readonly key: number;
  readonly value: number;
}

/** Connects to Kafka; messages refer to schemas with the ids that a registry gave the topic. */
export async function rawKafka(bootstrapServers: string, ids: SchemaIds): Promise<RawKafka> {
  const schema = schemaOf(COURSE_ENROLLMENT_CREATED as unknown as OpenEdxPublicSignal);
  const type = avro.Type.forSchema(JSON.parse(schema.text) as avro.Schema);
  const kafka = new kafkajs.Kafka({ brokers: [bootstrapServers], logLevel: kafkajs.logLevel.NOTHING });
  const producer = kafka.producer();
  const admin = kafka.admin();
  await Promise.all([producer.connect(), admin.connect()]);

  const message = messages(ids, type);
  const consumerFor = async (topic: string) => {
    const consumer = kafka.consumer({ groupId: `raw-${randomUUID()}` });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    return consumer;
  };

  return {
    send: (topic, id) => producer.send({ topic, messages: [message(id)] }),

    async produce(topic, times, batchSize) {
      for (let left = times; left > 0; left -= batchSize) {
        const messages = Array.from({ length: Math.min(left, batchSize) }, () => message());
        await producer.sendBatch({ topicMessages: [{ topic, messages }] });
      }
    },

    async consume(topic, times) {
      const consumer = await consumerFor(topic);
      let handled = 0;
      await new Promise<void>((resolve, reject) => {
        const eachBatch = async ({ batch }: kafkajs.EachBatchPayload) => {
          for (const { value } of batch.messages) {
            if (type.fromBuffer(recordIn(value)) !== undefined) handled += 1;
          }
          if (handled >= times) resolve();
        };
        consumer.run({ eachBatch }).catch(reject);
      });
      await consumer.disconnect(); // after it has committed the batch in flight
    },

    async listen(topic, handled) {
      const consumer = await consumerFor(topic);
      const probe = randomUUID();
      let isThere = false;
      await consumer.run({
        eachBatch: async ({ batch }) => {
          for (const { value, headers } of batch.messages) {
            type.fromBuffer(recordIn(value));
            const id = String(headers?.ce_id);
            if (id === probe) isThere = true;
            handled(id);
          }
        },
      });
      await producer.send({ topic, messages: [message(probe)] });
      while (!isThere) await setTimeout(1);
      return { [Symbol.asyncDispose]: () => consumer.disconnect() };
    },

    createTopic: (topic) => makeTopics(admin, [{ topic, numPartitions: 1 }]),

    [Symbol.asyncDispose]: async () => {
      await Promise.all([producer.disconnect(), admin.disconnect()]);
    },
  };
}

/** Makes messages of the sample event, as the bus writes them. */
function messages(ids: SchemaIds, type: avro.Type): (id?: string) => kafkajs.Message {
  const keyType = avro.Type.forSchema('string');
  return (id = randomUUID()) => ({
    key: framed(ids.key, keyType.toBuffer(sampleEnrollment.enrollment.course.course_key)),
    value: framed(ids.value, type.toBuffer(sampleEnrollment)),
    headers: {
      ce_specversion: '1.0',
      'content-type': 'application/avro',
      ce_datacontenttype: 'application/avro',
      ce_type: COURSE_ENROLLMENT_CREATED.eventType,
      ce_id: id,
      ce_source: 'openedx/bench/web',
      ce_time: `${new Date().toISOString().slice(0, -1)}000+00:00`,
      ce_minorversion: '0',
      sourcehost: hostname(),
      sourcelib: '0.1.0',
    },
  });
}

function framed(id: number, record: Buffer): Buffer {
  const frame = Buffer.alloc(frameLength);
  frame.writeUInt32BE(id, 1);
  return Buffer.concat([frame, record]);
}

function recordIn(value: Buffer | null): Buffer {
  if (value === null) throw new Error('a message without a record');
  return value.subarray(frameLength);
}

/** A zero, and the id of the schema. */
const frameLength = 5;
