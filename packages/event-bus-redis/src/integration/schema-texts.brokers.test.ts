import { redisOrReason } from '@openedx-ts/brokers';
import { fingerprintOf, schemaOf } from '@openedx-ts/events-avro';
import { long, optional, record, string } from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import { DefinitionsBench, expectBothFingerprints } from './definitions.test-support.js';
import { add, eventually, itemFields, loggedLines, replaced, textOf } from './redis-bench.test-support.js';

const redis = await redisOrReason({ own: true });

const ours = { course: record('Course', { name: string(), seats: long() }) };
const newer = { course: record('Course', { org: optional(string()), name: string(), seats: long() }) };
const data = { course: { name: 'a', seats: 1 } };

describe.skipIf(redis.reason !== undefined)(redis.titled('the texts of schemas in Redis'), () => {
  const bench = new DefinitionsBench(redis);
  const { hash } = bench;

  it('are lost, the next event writes its own again, and consumers of another version lose nothing', async () => {
    using logged = loggedLines();
    const other = bench.versions.elsewhere(newer);
    const { received } = bench.versions.here(ours);
    await bench.send(other, data);
    await bench.client.del(hash);
    await using _consumer = bench.consume();
    await eventually(bench.pending).toBe(1);
    await bench.send(other, data);
    await eventually(() => received).toEqual([data, data]);
    expect(await bench.client.hget(hash, schemaOf(other).fingerprint)).toBe(schemaOf(other).text);
    expect(logged.lines.join('\n')).toMatch(/a schema was missing in Redis and was written again/);
    expect(await bench.deadLetters()).toEqual([]);
  });

  it('are lost, events of our own definition are read without them', async () => {
    const { signal, received } = bench.versions.here(ours);
    await bench.send(signal, data);
    await bench.client.del(hash);
    await using _consumer = bench.consume();
    await eventually(() => received).toEqual([data]);
  });

  it('stay lost, the event is dead-lettered with both fingerprints after some seconds', async () => {
    const other = bench.versions.elsewhere(newer);
    const { signal, received } = bench.versions.here(ours);
    await bench.send(other, data);
    await bench.client.del(hash);
    await using consumer = bench.consume();
    await eventually(() => consumer.consumer.health().reasons.join()).toMatch(
      /waits: schema .* is not in the hash/,
    );
    expect(await bench.deadLetters()).toEqual([]);
    await eventually(bench.deadLetters).toHaveLength(1);
    expectBothFingerprints((await bench.deadLetters())[0], other, signal, /no text for its fingerprint/);
    expect(received).toEqual([]);
  });

  it('do not match their fingerprint, nothing is decoded by them', async () => {
    const other = bench.versions.elsewhere(newer);
    const { signal, received } = bench.versions.here(ours);
    await bench.send(other, data);
    await bench.client.hset(hash, schemaOf(other).fingerprint, schemaOf(signal).text);
    await using _consumer = bench.consume();
    await eventually(bench.deadLetters).toHaveLength(1);
    expectBothFingerprints((await bench.deadLetters())[0], other, signal, /has another fingerprint/);
    expect(received).toEqual([]);
  });

  it('are missing for a hundred entries, the event behind them waits as long as for one', async () => {
    const { signal, received } = bench.versions.here(ours);
    const fields = replaced(itemFields(0), 'type', bench.versions.eventType);
    for (let entry = 0; entry < 100; entry += 1)
      await add(bench.client, bench.topic, replaced(fields, 'schema_fp', fingerprintOf(`made up ${entry}`)));
    await bench.send(signal, data);
    await using _consumer = bench.consume();
    await eventually(() => received).toEqual([data]);
    expect(await bench.deadLetters()).toHaveLength(100);
  });

  it('are wrong, a producer replaces them, and no event is dead-lettered', async () => {
    const other = bench.versions.elsewhere(newer);
    const { received } = bench.versions.here(ours);
    await bench.client.hset(hash, schemaOf(other).fingerprint, 'x'.repeat(2_000_000));
    await bench.send(other, data);
    await bench.client.hset(hash, schemaOf(other).fingerprint, 'overwritten');
    await using consumer = bench.consume();
    await eventually(() => consumer.consumer.health().reasons.join()).toMatch(/has a wrong text in the hash/);
    await bench.send(other, data);
    await eventually(() => received).toEqual([data, data]);
    expect(await bench.client.hget(hash, schemaOf(other).fingerprint)).toBe(schemaOf(other).text);
    expect(await bench.deadLetters()).toEqual([]);
  });

  it.each(['{"type": "nothing"}', 'no JSON', '[]'])(
    'are no Avro, the event is a dead letter: %s',
    async (text) => {
      bench.versions.here(ours);
      await bench.client.hset(hash, fingerprintOf(text), text);
      const fields = replaced(itemFields(0), 'type', bench.versions.eventType);
      await add(bench.client, bench.topic, replaced(fields, 'schema_fp', fingerprintOf(text)));
      await using _consumer = bench.consume();
      await eventually(bench.deadLetters).toHaveLength(1);
      const [deadLetter] = await bench.deadLetters();
      expect(textOf(deadLetter, 'dlq-code')).toBe('EVENTS_INCOMPATIBLE_SCHEMA');
      expect(textOf(deadLetter, 'dlq-message')).toContain(fingerprintOf(text));
    },
  );
});
