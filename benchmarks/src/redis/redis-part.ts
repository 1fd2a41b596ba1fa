import { startRedis } from '@openedx-ts/brokers';
import { RedisEventBusConsumer, RedisEventBusProducer } from '@openedx-ts/event-bus-redis';
import { busReport } from '../bus/bus-report.js';
import { busLatency, consume, load, type NewConsumer, send, timing } from '../bus/bus-subjects.js';
import { inFlight, keepInFlight } from '../bus/in-flight.js';
import { type LatencySubject, measureLatency } from '../bus/latency.js';
import { measure } from '../measure.js';
import type { Part } from '../part.js';
import { pythonSubject, startPython } from '../python-peer.js';
import { type RawRedis, rawRedis } from './raw-redis.js';

/** What each side consumes in a round, from a stream of its own that holds just that. */
const filled = { node: 50_000, python: 500 };

/** Producing to and consuming from a Redis of its own. */
export const redisPart: Part = {
  run: async () => {
    await using server = await startRedis({ own: true });
    const { url } = server;
    const newConsumer: NewConsumer = (options) => new RedisEventBusConsumer({ url, ...options });
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
        { name: 'consume', times: filled.node, run: (times) => consume(newConsumer, 'filled', times) },
        { name: 'raw XREADGROUP, XACK', times: filled.node, run: (times) => raw.consume('filled', times) },
        ...python.subjects(['consume'], { times: filled.python }),
      ],
      timing,
    );
    const rates = new Map([...produceRates, ...consumeRates]);
    const latencies = await measureLatency([busLatency(producer, newConsumer), rawLatency(raw)], load);
    const rows = [
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
    ];
    return busReport(python, rates, rows, latencies);
  },
};

async function fill(url: string, topic: string, events: number): Promise<void> {
  await using producer = new RedisEventBusProducer({ url, streamMaxLength: Number.POSITIVE_INFINITY });
  await keepInFlight(inFlight, events, () => send(producer, topic));
}

function rawLatency({ add, listen }: RawRedis): LatencySubject {
  return { name: 'raw ioredis and avsc', send: add, listen };
}
