import { startFakeSchemaRegistry, startKafka } from '@openedx-ts/brokers';
import { KafkaEventBusConsumer, KafkaEventBusProducer } from '@openedx-ts/event-bus-kafka';
import { schemaOf } from '@openedx-ts/events-avro';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { busReport } from '../bus/bus-report.js';
import { busLatency, consume, load, type NewConsumer, send, timing } from '../bus/bus-subjects.js';
import { inFlight, keepInFlight } from '../bus/in-flight.js';
import { type LatencySubject, measureLatency } from '../bus/latency.js';
import { measure, roundsOf } from '../measure.js';
import type { Part } from '../part.js';
import { pythonSubject, startPython } from '../python-peer.js';
import { type RawKafka, rawKafka } from './raw-kafka.js';

/** What each side consumes in a round, from a topic of its own that holds just that. */
const filled = { node: 50_000, python: 10_000 };
const topics = ['ours', 'raw', 'raw-batches', 'python', 'filled', 'filled-python', 'latency', 'raw-latency'];

/** Fast machine code, and commits that are written as they come: Python sends one for each event, one after another. */
const broker = {
  own: true,
  jvmOptions: ['-XX:TieredStopAtLevel=4'],
  config: ['group.coordinator.append.linger.ms=0'],
};

/** Producing to and consuming from a Kafka of its own, with a registry in this process. */
export const kafkaPart: Part = {
  run: async () => {
    await using server = await startKafka(broker);
    await using registry = await startFakeSchemaRegistry();
    const { bootstrapServers } = server;
    const servers = { bootstrapServers, schemaRegistry: { url: registry.url } };
    const newConsumer: NewConsumer = (options) => new KafkaEventBusConsumer({ ...servers, ...options });
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
        { name: 'consume', times: filled.node, run: (times) => consume(newConsumer, 'filled', times) },
        { name: 'raw eachBatch', times: filled.node, run: (times) => raw.consume('filled', times) },
        ...python.subjects(['consume'], { times: filled.python }),
      ],
      timing,
    );
    const rates = new Map([...produceRates, ...consumeRates]);
    const latencies = await measureLatency([busLatency(producer, newConsumer), rawLatency(raw)], load);
    const produced = { subject: 'produce', what: `produce, ${inFlight} in flight (check, metadata, Avro)` };
    const rows = [
      { ...produced, against: 'raw send', python: pythonSubject('produce') },
      { ...produced, what: 'the same, against whole batches', against: 'raw sendBatch' },
      {
        what: 'consume and commit, one receiver',
        subject: 'consume',
        against: 'raw eachBatch',
        python: pythonSubject('consume'),
      },
    ];
    return busReport(python, rates, rows, latencies);
  },
};

function rawLatency({ send, listen }: RawKafka): LatencySubject {
  return {
    name: 'raw kafkajs and avsc',
    send: (id) => send('raw-latency', id),
    listen: (handled) => listen('raw-latency', handled),
  };
}
