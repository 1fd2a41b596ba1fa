import { kafkaOrReason, makeTopics, startFakeSchemaRegistry } from '@openedx-ts/brokers';
import {
  KafkaEventBusConsumer,
  KafkaEventBusProducer,
  kafkaConsumerSettings,
  kafkaProducerSettings,
} from '@openedx-ts/event-bus-kafka';
import { SESSION_LOGIN_COMPLETED } from '@openedx-ts/events-catalog/learning/session-login-completed';
import { createMetadata } from '@openedx-ts/events-core';
import { Kafka, logLevel } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { pythonOrReason } from '../python-environment.js';
import { PythonPeer } from '../python-peer.js';

const kafka = await kafkaOrReason({ own: true, numPartitions: 4 });
const peer = await pythonOrReason();
const reason = kafka.reason ?? peer.reason;
const groupId = 'shared';
const topic = 'user-login';
const { eventType } = SESSION_LOGIN_COMPLETED;

describe.skipIf(reason !== undefined)(
  `A Python and a TypeScript member of one group${reason ? ` (${reason})` : ''}`,
  () => {
    it('share its partitions, whoever leads: every event comes to one of them', async () => {
      await using server = await kafka.start();
      await using registry = await startFakeSchemaRegistry();
      const settings = {
        EVENTS_SERVICE_NAME: 'logins',
        EVENT_BUS_CONSUMER: 'edx_event_bus_kafka.KafkaEventConsumer',
        EVENT_BUS_TOPIC_PREFIX: '',
        EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: server.bootstrapServers,
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: registry.url,
      };
      const admin = new Kafka({ brokers: [server.bootstrapServers], logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
      await makeTopics(admin, [{ topic }]);
      const isStable = async (members: number) => {
        const { groups } = await admin.describeGroups([groupId]);
        const [group] = groups;
        return group?.state === 'Stable' && group.members.length === members;
      };

      const here: string[] = [];
      using _connection = SESSION_LOGIN_COMPLETED.connect(({ data }) => {
        here.push(data.user.pii.username);
      });
      await using producer = new KafkaEventBusProducer(kafkaProducerSettings(settings));
      const send = (names: readonly string[]) =>
        Promise.all(
          names.map((name) =>
            producer.send({
              signal: SESSION_LOGIN_COMPLETED,
              topic,
              eventKeyField: 'user.pii.username',
              data: { user: { id: 1, is_active: true, pii: { username: name, email: '', name: '' } } },
              metadata: createMetadata({ eventType }),
            }),
          ),
        );
      const startHere = async () => {
        const consumer = new KafkaEventBusConsumer({
          ...kafkaConsumerSettings(settings),
          topics: [topic],
          groupId,
        });
        const running = consumer.run();
        await consumer.ready;
        return { [Symbol.asyncDispose]: () => consumer.close().then(() => running) };
      };

      const first = await startHere(); // this one leads
      await using python = new PythonPeer({
        python: peer.python,
        script: 'consume.py',
        args: [topic, groupId, '{}'],
        settings,
      });
      const there = () =>
        python.lines.flatMap(({ data }) => {
          const user = data?.user as { readonly pii?: { readonly username?: string } } | undefined;
          return user?.pii?.username ?? [];
        });
      await expect.poll(() => isStable(2), { timeout: 60_000 }).toBe(true);
      const led = Array.from({ length: 100 }, (_, index) => `led-here-${index}`);
      await send(led);
      await expect.poll(() => [...here, ...there()].sort(), { timeout: 60_000 }).toEqual([...led].sort());
      expect(Math.min(here.length, there().length)).toBeGreaterThan(20);

      await first[Symbol.asyncDispose](); // Python leads from now on
      await expect.poll(() => isStable(1), { timeout: 60_000 }).toBe(true);
      await using _second = await startHere();
      await expect.poll(() => isStable(2), { timeout: 60_000 }).toBe(true);
      const [hereBefore, thereBefore] = [here.length, there().length];
      const ledThere = led.map((name) => name.replace('here', 'there'));
      await send(ledThere);
      await expect
        .poll(() => [...here.slice(hereBefore), ...there().slice(thereBefore)].sort(), { timeout: 60_000 })
        .toEqual([...ledThere].sort());
      expect(Math.min(here.length - hereBefore, there().length - thereBefore)).toBeGreaterThan(20);
      await admin.disconnect();
    });
  },
);
