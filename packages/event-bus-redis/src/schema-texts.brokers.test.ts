import { type RedisServer, redisOrReason } from '@openedx-ts/brokers';
import { fingerprintOf, schemaOf } from '@openedx-ts/events-avro';
import {
  long,
  type OpenEdxPublicSignal,
  optional,
  record,
  snapshotSignals,
  string,
} from '@openedx-ts/events-core';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EventVersions, expectBothFingerprints, sendAs } from './definitions.test-support.js';
import {
  add,
  entriesOf,
  eventually,
  itemFields,
  loggedLines,
  pendingOf,
  RunningConsumer,
  replaced,
  textOf,
} from './redis-bench.test-support.js';
import { RedisEventBusProducer } from './redis-event-bus-producer.js';

const redis = await redisOrReason({ own: true });
const restore = snapshotSignals();
const groupId = 'g';
const hash = 'openedx-events-schemas';

const ours = { course: record('Course', { name: string(), seats: long() }) };
const newer = { course: record('Course', { org: optional(string()), name: string(), seats: long() }) };
const data = { course: { name: 'a', seats: 1 } };

describe.skipIf(redis.reason !== undefined)(redis.titled('the texts of schemas in Redis'), () => {
  let server: RedisServer;
  let client: Redis;
  let producer: RedisEventBusProducer;
  let name = '';
  let versions: EventVersions;
  let tests = 0;

  beforeAll(async () => {
    server = await redis.start();
    client = new Redis(server.url);
    producer = new RedisEventBusProducer({ url: server.url });
  });
  afterAll(async () => {
    await producer.close();
    client.disconnect();
    await server[Symbol.asyncDispose]();
    restore();
  });
  beforeEach(() => {
    tests += 1;
    name = `text${tests}`;
    versions = new EventVersions(name);
  });

  const consume = () => new RunningConsumer({ url: server.url, topics: [name], groupId });
  const send = (signal: OpenEdxPublicSignal) => sendAs(producer, signal, name, data);
  const deadLetters = () => entriesOf(client, `${name}.${groupId}.dlq`);

  it('are lost, the next event puts its own back, and readers of another version lose nothing', async () => {
    using logged = loggedLines();
    const other = versions.elsewhere(newer);
    const { received } = versions.here(ours);
    await send(other);
    await client.del(hash);
    await using _consumer = consume();
    await eventually(() => pendingOf(client, name, groupId)).toBe(1);
    await send(other);
    await eventually(() => received).toEqual([data, data]);
    expect(await client.hget(hash, schemaOf(other).fingerprint)).toBe(schemaOf(other).text);
    expect(logged.lines.join('\n')).toMatch(/the text of a schema was gone and was put back/);
    expect(await deadLetters()).toEqual([]);
  });

  it('are lost, events of our own definition are read without them', async () => {
    const { signal, received } = versions.here(ours);
    await send(signal);
    await client.del(hash);
    await using _consumer = consume();
    await eventually(() => received).toEqual([data]);
  });

  it('do not come back, the event is a dead letter with both fingerprints, after a while', async () => {
    const other = versions.elsewhere(newer);
    const { signal, received } = versions.here(ours);
    await send(other);
    await client.del(hash);
    await using consumer = consume();
    await eventually(() => consumer.consumer.health().reasons.join()).toMatch(/waits: the text of schema/);
    expect(await deadLetters()).toEqual([]);
    await eventually(deadLetters).toHaveLength(1);
    expectBothFingerprints((await deadLetters())[0], other, signal, /its text is not stored/);
    expect(received).toEqual([]);
  });

  it('are not what their fingerprint says, nothing is decoded with them', async () => {
    const other = versions.elsewhere(newer);
    const { signal, received } = versions.here(ours);
    await send(other);
    await client.hset(hash, schemaOf(other).fingerprint, schemaOf(signal).text);
    await using _consumer = consume();
    await eventually(deadLetters).toHaveLength(1);
    expectBothFingerprints((await deadLetters())[0], other, signal, /has another fingerprint/);
    expect(received).toEqual([]);
  });

  it.each(['{"type": "nothing"}', 'no JSON', '[]'])(
    'are no Avro, the event is a dead letter: %s',
    async (text) => {
      versions.here(ours);
      await client.hset(hash, fingerprintOf(text), text);
      const fields = replaced(itemFields(0), 'type', versions.eventType);
      await add(client, name, replaced(fields, 'schema_fp', fingerprintOf(text)));
      await using _consumer = consume();
      await eventually(deadLetters).toHaveLength(1);
      const [letter] = await deadLetters();
      expect(textOf(letter, 'dlq-code')).toBe('EVENTS_INCOMPATIBLE_SCHEMA');
      expect(textOf(letter, 'dlq-message')).toContain(fingerprintOf(text));
    },
  );
});
