import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { kafkaOrReason, makeTopics, startFakeSchemaRegistry } from '@openedx-ts/brokers';
import { eventBus, KafkaEventBusConsumer, KafkaEventBusProducer } from '@openedx-ts/event-bus-kafka';
import { SESSION_LOGIN_COMPLETED } from '@openedx-ts/events-catalog/learning/session-login-completed';
import { configureEvents, createMetadata } from '@openedx-ts/events-core';
import { Kafka, logLevel } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { pythonOrReason } from '../python-environment.js';

/** Members of the consumer protocol hear of a change with a heartbeat, every 5 s by default. */
const config = ['group.consumer.min.heartbeat.interval.ms=200', 'group.consumer.heartbeat.interval.ms=200'];
const kafka = await kafkaOrReason({ own: true, numPartitions: 4, config });
const peer = await pythonOrReason();
const reason = kafka.reason ?? peer.reason;
const [topic, groupId] = ['user-login', 'mixed'];
const { eventType } = SESSION_LOGIN_COMPLETED;
const patient = { timeout: 60_000 };

describe.skipIf(reason !== undefined)(
  `A group with a member of Kafka 4's consumer protocol${reason ? ` (${reason})` : ''}`,
  () => {
    it('is joined by ours, which finishes its events before a partition is given to the other member', async () => {
      await using server = await kafka.start();
      await using registry = await startFakeSchemaRegistry();
      const { bootstrapServers } = server;
      const options = { bootstrapServers, schemaRegistry: { url: registry.url } };
      const admin = new Kafka({ brokers: [bootstrapServers], logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
      await makeTopics(admin, [{ topic }]);
      await admin.disconnect();
      await using producer = new KafkaEventBusProducer(options);
      const send = (count: number) =>
        Promise.all(
          Array.from({ length: count }, (_, at) =>
            producer.send({
              signal: SESSION_LOGIN_COMPLETED,
              topic,
              eventKeyField: 'user.pii.username',
              data: { user: { id: at, is_active: true, pii: { username: `u${at}`, email: '', name: '' } } },
              metadata: createMetadata({ eventType }),
            }),
          ),
        );

      const logged: string[] = [];
      const log = (_facts: object, message: string) => void logged.push(message);
      using _settings = configureEvents({ logger: { debug() {}, info: log, warn: log, error: log } });
      const here: string[] = [];
      const held: string[] = [];
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      using _connection = SESSION_LOGIN_COMPLETED.connect(async ({ delivery }) => {
        if (held.length < 4) {
          held.push(String(delivery?.position));
          await released;
        }
        here.push(String(delivery?.position));
      });
      await using consumer = new KafkaEventBusConsumer({
        ...options,
        topics: [topic],
        groupId,
        concurrency: 4,
      });
      void consumer.run();
      await consumer.ready;
      await send(40);
      await expect.poll(() => held.length, patient).toBe(4);

      await using other = consumerProtocolMember(peer.python, [bootstrapServers, groupId, topic]);
      await expect.poll(() => logged.join(), patient).toMatch(/group rebalances/);
      expect(other.partitions()).toEqual([]);
      release();
      await expect.poll(() => other.partitions().length, patient).toBe(2);
      await expect.poll(() => consumer.health(), patient).toMatchObject({ ready: true });
      await send(40);
      const there = () => other.positions();
      await expect.poll(() => here.length + there().length, patient).toBeGreaterThanOrEqual(80);
      expect(new Set([...here, ...there()]).size).toBe(here.length + there().length);
      expect(Math.min(here.length, there().length)).toBeGreaterThan(5);

      const env = {
        EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: bootstrapServers,
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: registry.url,
      };
      await using operator = await eventBus.createAdmin?.(env);
      const findings = (await operator?.diagnose({ topics: [topic], groupId })) ?? [];
      const ofGroup = findings.filter(({ subject }) => subject === `group ${groupId} on ${topic}`);
      expect(ofGroup.map(({ verdict }) => verdict)).toEqual(['ok']);
      expect(ofGroup[0]?.message).toMatch(/consumer protocol of Kafka 4.*members of this package join it/);
    }, 240_000);
  },
);

/** A member by librdkafka: the partitions that it has, and what it received. */
function consumerProtocolMember(python: string, args: readonly string[]) {
  const script = fileURLToPath(new URL('../../python/consumer_protocol_member.py', import.meta.url));
  const child = spawn(python, ['-B', script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let partitions: readonly number[] = [];
  const positions: string[] = [];
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as { readonly partitions?: readonly number[]; readonly position?: string };
    partitions = line.partitions ?? partitions;
    if (line.position !== undefined) positions.push(line.position);
  });
  return {
    partitions: () => partitions,
    positions: () => positions,
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await closed;
    },
  };
}
