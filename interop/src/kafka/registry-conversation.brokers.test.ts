import { type FakeSchemaRegistry, kafkaOrReason, startFakeSchemaRegistry } from '@openedx-ts/brokers';
import { KafkaEventBusProducer, kafkaProducerSettings } from '@openedx-ts/event-bus-kafka';
import { recordFromJson } from '@openedx-ts/events-avro';
import { type OpenEdxPublicSignal, ProducerConfigurationError } from '@openedx-ts/events-core';
import { connectRoutes, routesFromConfig } from '@openedx-ts/events-core/bus';
import { parseProducerConfig } from '@openedx-ts/events-core/operate';
import { beforeAll, describe, expect, it } from 'vitest';
import { parcelShipped } from '../parcel-shipped.js';
import { pythonOrReason } from '../python-environment.js';
import { PythonPeer } from '../python-peer.js';
import { sampleRecord } from '../sample-records.js';

const kafka = await kafkaOrReason();
const peer = await pythonOrReason();
const reason = kafka.reason ?? peer.reason;

/** A topic for each kind of key. */
const keyFields = {
  'by-uuid': 'parcel.number',
  'by-course': 'parcel.course_key',
  'by-time': 'parcel.shipped_at',
  'by-text': 'parcel.label',
  'by-part': 'parcel.sender.street',
  'by-whole-number': 'parcel.pieces',
  'by-number': 'parcel.weight',
  'by-flag': 'parcel.is_fragile',
  'by-money': 'parcel.price',
  'by-default': 'parcel.attempts',
};
const producerConfig = configOf(keyFields);
/** Python finds out with each event, drops it and logs why. */
const unusableKeys = {
  'by-optional': 'parcel.note',
  'by-record': 'parcel.sender',
  'by-list': 'parcel.labels',
  'by-map': 'parcel.stamps',
};
const signal = parcelShipped as unknown as OpenEdxPublicSignal;
/** Two events: a request made for the first one is not made again. */
const events = [sampleRecord(signal, 'sparse'), sampleRecord(signal, 'falsy')];
const login = { username: 'kéy', password: 'sécret:学' };

describe.skipIf(reason !== undefined)(
  `What a producer sends to the registry${reason ? ` (${reason})` : ''}`,
  () => {
    let python: ReadonlyMap<string, readonly Said[]>;
    let typeScript: ReadonlyMap<string, readonly Said[]>;
    let unusable: { readonly errors: readonly string[]; readonly requests: number };

    beforeAll(async () => {
      await using server = await kafka.start();
      const settingsWith = (registry: FakeSchemaRegistry, config = producerConfig) => ({
        EVENTS_SERVICE_NAME: 'parcels',
        EVENT_BUS_PRODUCER: 'edx_event_bus_kafka.create_producer',
        EVENT_BUS_PRODUCER_CONFIG: config,
        EVENT_BUS_TOPIC_PREFIX: 'dev.eu_1',
        EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: server.bootstrapServers,
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: registry.url,
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_KEY: login.username,
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_SECRET: login.password,
      });
      python = await heard(async (registry) => {
        expect(await sendFromPython(settingsWith(registry))).toEqual([]);
      });
      typeScript = await heard((registry) => sendFromHere(settingsWith(registry)));
      await using registry = await startFakeSchemaRegistry({ basicAuth: login });
      const errors = await sendFromPython(settingsWith(registry, configOf(unusableKeys)));
      unusable = { errors, requests: registry.requests.length };
    });

    it('is the same from both sides, in the same order, for each kind of key', () => {
      expect([...typeScript.keys()].sort()).toEqual([...python.keys()].sort());
      for (const [topic, requests] of python) expect(typeScript.get(topic)).toEqual(requests);
    });

    it('is the schema of the key, then that of the value, once', () => {
      for (const requests of python.values()) {
        expect(requests.map(({ schemaName }) => schemaName)).toEqual([expect.any(String), 'CloudEvent']);
      }
      expect(python.size).toBe(Object.keys(keyFields).length);
    });

    it('is nothing from Python for a key that may be missing or is no primitive: it drops each event and logs that', () => {
      const dropped = unusable.errors.filter((error) => error.includes('unhashable type'));
      expect(dropped).toHaveLength(events.length * Object.keys(unusableKeys).length);
      expect(unusable).toMatchObject({ errors: dropped, requests: 0 });
    });

    it('is nothing from here for such a key: the configuration is refused', () => {
      for (const key of Object.entries(unusableKeys)) {
        const config = parseProducerConfig(configOf(Object.fromEntries([key])));
        expect(() => routesFromConfig(config)).toThrow(ProducerConfigurationError);
      }
    });
  },
);

function configOf(keys: Readonly<Record<string, string>>): string {
  const topics = Object.entries(keys).map(([topic, path]) => [
    topic,
    { event_key_field: path, enabled: true },
  ]);
  return JSON.stringify({ [parcelShipped.eventType]: Object.fromEntries(topics) });
}

/** A request, as far as a registry cares. */
interface Said {
  readonly request: string;
  readonly body: unknown;
  readonly schemaName: unknown;
  readonly contentType: unknown;
  readonly authorization: unknown;
}

/** What a registry of its own hears while something happens, by topic, in order. */
async function heard(
  happens: (registry: FakeSchemaRegistry) => Promise<void>,
): Promise<ReadonlyMap<string, readonly Said[]>> {
  await using registry = await startFakeSchemaRegistry({ basicAuth: login });
  await happens(registry);
  const topics = new Map<string, Said[]>();
  for (const { method, path, headers, body } of registry.requests) {
    const topic = Object.keys(keyFields).find((name) => path.includes(name)) ?? path;
    const parsed = JSON.parse(body) as { readonly schema: string };
    const requests = {
      request: `${method} ${path}`,
      body: parsed,
      schemaName: (JSON.parse(parsed.schema) as { readonly name: unknown }).name,
      contentType: headers['content-type'],
      authorization: headers.authorization,
    };
    topics.set(topic, [...(topics.get(topic) ?? []), requests]);
  }
  return topics;
}

/** @returns what went wrong */
async function sendFromPython(settings: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const producer = new PythonPeer({ python: peer.python, script: 'produce.py', args: [], settings });
  for (const [index, data] of events.entries()) {
    const { eventType } = signal;
    producer.write({ case: `${index}`, event_type: eventType, time: '2026-11-21T07:41:28+00:00', data });
  }
  await producer[Symbol.asyncDispose](); // once it has done all that was asked
  expect(producer.lines.filter(({ case: name }) => name !== undefined)).toHaveLength(events.length);
  return producer.lines.flatMap(({ error }) => error ?? []);
}

async function sendFromHere(settings: Readonly<Record<string, string>>): Promise<void> {
  await using producer = new KafkaEventBusProducer(kafkaProducerSettings(settings));
  using _routes = connectRoutes(producer, routesFromConfig(parseProducerConfig(producerConfig)));
  for (const data of events) {
    for (const result of await signal.sendEvent(recordFromJson(signal, data) as never)) {
      expect(result.status).not.toBe('rejected');
    }
    await producer.flush();
  }
}
