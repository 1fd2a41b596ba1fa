import { startFakeSchemaRegistry, startKafka, startRedis } from '@openedx-ts/brokers';
import { RedisEventBusProducer } from '@openedx-ts/event-bus-redis';
import { schemaOf } from '@openedx-ts/events-avro';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { send } from '../bus/bus-subjects.js';
import { inFlight, keepInFlight } from '../bus/in-flight.js';
import { rawKafka } from '../kafka/raw-kafka.js';
import { filledEvents, filledTopic, type Servers } from './servers.js';

/** Servers that stop when they are disposed of. */
export interface PairedServers extends AsyncDisposable {
  readonly servers: Servers;
}

/** Starts the servers of these parts, and fills their topics of events to consume. Other addresses stay empty. */
export async function startPairedServers(parts: ReadonlySet<string>): Promise<PairedServers> {
  const started: AsyncDisposable[] = [];
  const servers = { redisUrl: '', bootstrapServers: '', registryUrl: '' };
  if (parts.has('redis')) {
    const redis = await startRedis({ own: true });
    started.push(redis);
    servers.redisUrl = redis.url;
    const { url } = redis;
    await using producer = new RedisEventBusProducer({ url, streamMaxLength: Number.POSITIVE_INFINITY });
    await keepInFlight(inFlight, filledEvents, () => send(producer, filledTopic));
  }
  if (parts.has('kafka')) {
    const kafka = await startKafka({ own: true, jvmOptions: ['-XX:TieredStopAtLevel=4'] });
    const registry = await startFakeSchemaRegistry();
    started.push(kafka, registry);
    servers.bootstrapServers = kafka.bootstrapServers;
    servers.registryUrl = registry.url;
    const { text } = schemaOf(COURSE_ENROLLMENT_CREATED as unknown as OpenEdxPublicSignal);
    await using raw = await rawKafka(servers.bootstrapServers, {
      key: registry.register('key', '"string"'),
      value: registry.register('value', text),
    });
    for (const topic of ['produced', filledTopic]) await raw.createTopic(topic);
    await raw.produce(filledTopic, filledEvents, inFlight);
  }
  return {
    servers,
    [Symbol.asyncDispose]: async () => {
      for (const server of started.reverse()) await server[Symbol.asyncDispose]();
    },
  };
}
