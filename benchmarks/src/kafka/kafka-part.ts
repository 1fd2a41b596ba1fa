import { startFakeSchemaRegistry, startKafka } from '@openedx-ts/brokers';
import { KafkaEventBusConsumer, KafkaEventBusProducer } from '@openedx-ts/event-bus-kafka';
import { schemaOf } from '@openedx-ts/events-avro';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { createMetadata, type OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { keepInFlight } from '../bus/in-flight.js';
import { type LatencySubject, latencyTable, measureLatency } from '../bus/latency.js';
import { measure, roundsOf } from '../measure.js';
import { type Part, rateTable } from '../part.js';
import { pythonSubject, startPython } from '../python-peer.js';
import { sampleEnrollment } from '../sample-event.js';
import { type RawKafka, rawKafka } from './raw-kafka.js';

const timing = { rounds: 9, roundMs: 500 };
const inFlight = 256;
const load = { rounds: 3, perSecond: 1_000, seconds: 2 };
/** What each side consumes in a round, from a topic of its own that holds just that. */
const filled = { node: 50_000, python: 10_000 };
const topics = ['ours', 'raw', 'raw-batches', 'python', 'filled', 'filled-python', 'latency', 'raw-latency'];

/** Fast machine code, and commits that are written as they come: Python sends one for each event, one after another. */
const broker = {
  own: true,
  jvmOptions: ['-XX:TieredStopAtLevel=4'],
  config: ['group.coordinator.append.linger.ms=0'],
};

/** How to reach the servers. */
interface Servers {
  readonly bootstrapServers: string;
  readonly schemaRegistry: { readonly url: string };
}

/** Producing to and consuming from a Kafka of its own, with a registry in this process. */
export const kafkaPart: Part = {
  name: 'kafka',
  run: async () => {
    await using server = await startKafka(broker);
    await using registry = await startFakeSchemaRegistry();
    const { bootstrapServers } = server;
    const servers = { bootstrapServers, schemaRegistry: { url: registry.url } };
    await using producer = new KafkaEventBusProducer(servers);
    const { text } = schemaOf(COURSE_ENROLLMENT_CREATED as unknown as OpenEdxPublicSignal);
    await using raw = await rawKafka(bootstrapServers, {
      key: registry.register('key', '"string"'),
      value: registry.register('value', text),
    });
    for (const topic of topics) await raw.createTopic(topic);
    await raw.produce('filled', filled.node, inFlight);
    await raw.produce('filled-python', filled.python, inFlight);
    await using python = await startPython(
      'kafka_bus.py',
      bootstrapServers,
      registry.url,
      'python',
      'filled-python',
      String(roundsOf(timing)),
    );

    const produceRates = await measure(
      [
        { name: 'produce', run: (times) => keepInFlight(inFlight, times, () => send(producer, 'ours')) },
        { name: 'raw send', run: (times) => keepInFlight(inFlight, times, () => raw.send('raw')) },
        { name: 'raw sendBatch', run: (times) => raw.produce('raw-batches', times, inFlight) },
        ...python.subjects(['produce']),
      ],
      timing,
    );
    const consumeRates = await measure(
      [
        { name: 'consume', times: filled.node, run: (times) => consume(servers, 'filled', times) },
        { name: 'raw eachBatch', times: filled.node, run: (times) => raw.consume('filled', times) },
        ...python.subjects(['consume'], { times: filled.python }),
      ],
      timing,
    );
    const rates = new Map([...produceRates, ...consumeRates]);
    const latencies = await measureLatency([ourLatency(servers, producer), rawLatency(raw)], load);
    const produced = { subject: 'produce', what: `produce, ${inFlight} in flight (check, metadata, Avro)` };
    return [
      `Median of ${timing.rounds} rounds.`,
      `Peer: ${python.about}.`,
      '',
      rateTable(rates, [
        { ...produced, against: 'raw send', python: pythonSubject('produce') },
        { ...produced, what: 'the same, against whole batches', against: 'raw sendBatch' },
        {
          what: 'consume and commit, one receiver',
          subject: 'consume',
          against: 'raw eachBatch',
          python: pythonSubject('consume'),
        },
      ]),
      '',
      latencyTable(latencies, load),
    ].join('\n');
  },
};

function send(producer: KafkaEventBusProducer, topic: string, id?: string): Promise<unknown> {
  const { eventType, minorVersion } = COURSE_ENROLLMENT_CREATED;
  return producer.send({
    signal: COURSE_ENROLLMENT_CREATED,
    topic,
    eventKeyField: 'enrollment.course.course_key',
    data: sampleEnrollment,
    metadata: createMetadata({ eventType, minorVersion, id }),
  });
}

let groups = 0;

/** From making a consumer with a new group to the last commit. */
async function consume(servers: Servers, topic: string, times: number): Promise<void> {
  groups += 1;
  await using consumer = new KafkaEventBusConsumer({
    ...servers,
    topics: [topic],
    groupId: `bench-${groups}`,
    startFrom: 'earliest',
  });
  let left = times;
  using _receiver = COURSE_ENROLLMENT_CREATED.connect(() => {
    left -= 1;
    if (left === 0) consumer.stop();
  });
  await consumer.run();
}

function ourLatency(servers: Servers, producer: KafkaEventBusProducer): LatencySubject {
  return {
    name: 'this bus',
    send: (id) => send(producer, 'latency', id),
    listen: async (handled) => {
      groups += 1;
      const consumer = new KafkaEventBusConsumer({
        ...servers,
        topics: ['latency'],
        groupId: `bench-${groups}`,
        startFrom: 'latest',
      });
      const receiver = COURSE_ENROLLMENT_CREATED.connect(({ metadata }) => handled(metadata.id));
      const running = consumer.run();
      await consumer.ready;
      return {
        [Symbol.asyncDispose]: async () => {
          await consumer.close();
          await running;
          receiver.disconnect();
        },
      };
    },
  };
}

function rawLatency({ send, listen }: RawKafka): LatencySubject {
  return {
    name: 'raw kafkajs and avsc',
    send: (id) => send('raw-latency', id),
    listen: (handled) => listen('raw-latency', handled),
  };
}
