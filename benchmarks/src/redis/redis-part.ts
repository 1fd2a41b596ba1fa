import { startRedis } from '@openedx-ts/brokers';
import { RedisEventBusConsumer, RedisEventBusProducer } from '@openedx-ts/event-bus-redis';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { createMetadata } from '@openedx-ts/events-core';
import { keepInFlight } from '../bus/in-flight.js';
import { type LatencySubject, latencyTable, measureLatency } from '../bus/latency.js';
import { measure } from '../measure.js';
import { type Part, rateTable } from '../part.js';
import { pythonSubject, startPython } from '../python-peer.js';
import { sampleEnrollment } from '../sample-event.js';
import { type RawRedis, rawRedis } from './raw-redis.js';

const timing = { rounds: 9, roundMs: 500 };
const inFlight = 256;
const load = { rounds: 3, perSecond: 1_000, seconds: 2 };
/** What each side consumes in a round, from a stream of its own that holds just that. */
const filled = { node: 50_000, python: 500 };

/** Producing to and consuming from a Redis of its own. */
export const redisPart: Part = {
  name: 'redis',
  run: async () => {
    await using server = await startRedis({ own: true });
    const { url } = server;
    await using producer = new RedisEventBusProducer({ url });
    using raw = await rawRedis(url, 'raw', 10_000);
    await fill(url, 'filled', filled.node);
    await fill(url, 'filled-python', filled.python);
    await using python = await startPython('redis_bus.py', url, 'python', 'filled-python');

    const produceRates = await measure(
      [
        { name: 'produce', run: (times) => keepInFlight(inFlight, times, () => send(producer, 'ours')) },
        { name: 'raw XADD', run: (times) => raw.produce(times, inFlight) },
        ...python.subjects(['produce']),
      ],
      timing,
    );
    const consumeRates = await measure(
      [
        { name: 'consume', times: filled.node, run: (times) => consume(url, 'filled', times) },
        { name: 'raw XREADGROUP, XACK', times: filled.node, run: (times) => raw.consume('filled', times) },
        ...python.subjects(['consume'], { times: filled.python }),
      ],
      timing,
    );
    const rates = new Map([...produceRates, ...consumeRates]);
    const latencies = await measureLatency([ourLatency(url, producer), rawLatency(raw)], load);
    return [
      `Median of ${timing.rounds} rounds.`,
      `Peer: ${python.about}.`,
      '',
      rateTable(rates, [
        {
          what: `produce, ${inFlight} in flight (check, metadata, Avro)`,
          subject: 'produce',
          against: 'raw XADD',
          python: pythonSubject('produce'),
        },
        {
          what: 'consume and acknowledge, one receiver',
          subject: 'consume',
          against: 'raw XREADGROUP, XACK',
          python: pythonSubject('consume'),
        },
      ]),
      '',
      latencyTable(latencies, load),
    ].join('\n');
  },
};

function send(producer: RedisEventBusProducer, topic: string, id?: string): Promise<unknown> {
  const { eventType, minorVersion } = COURSE_ENROLLMENT_CREATED;
  return producer.send({
    signal: COURSE_ENROLLMENT_CREATED,
    topic,
    eventKeyField: 'enrollment.course.course_key',
    data: sampleEnrollment,
    metadata: createMetadata({ eventType, minorVersion, id }),
  });
}

async function fill(url: string, topic: string, events: number): Promise<void> {
  await using producer = new RedisEventBusProducer({ url, streamMaxLength: Number.POSITIVE_INFINITY });
  await keepInFlight(inFlight, events, () => send(producer, topic));
}

let groups = 0;

/** From making a consumer with a new group to the last acknowledgement. */
async function consume(url: string, topic: string, times: number): Promise<void> {
  groups += 1;
  await using consumer = new RedisEventBusConsumer({
    url,
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

function ourLatency(url: string, producer: RedisEventBusProducer): LatencySubject {
  return {
    name: 'this bus',
    send: (id) => send(producer, 'latency', id),
    listen: async (handled) => {
      groups += 1;
      const consumer = new RedisEventBusConsumer({ url, topics: ['latency'], groupId: `bench-${groups}` });
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

function rawLatency({ add, listen }: RawRedis): LatencySubject {
  return { name: 'raw ioredis and avsc', send: add, listen };
}
