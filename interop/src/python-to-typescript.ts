import { avroCodec, recordFromJson, recordToJson } from '@openedx-ts/events-avro';
import { configureEvents, silentLogger } from '@openedx-ts/events-core';
import { metadataToJson } from '@openedx-ts/events-core/bus';
import type { EventForm, Exchange, InteropCase } from './exchange.js';
import type { InteropBus } from './interop-bus.js';
import type { PythonPeer } from './python-peer.js';

export interface PythonToTypeScriptOptions {
  readonly cases: readonly InteropCase[];
  readonly bus: InteropBus;
  readonly topicPrefix: string;
  readonly topic: string;
  /** Runs `produce.py` with routes to the topic. */
  readonly producer: PythonPeer;
  /** When the exchange is abandoned. */
  readonly abortSignal: AbortSignal;
}

/** Lets Python send as a service does and waits until receivers here have got it. */
export async function pythonToTypeScript(options: PythonToTypeScriptOptions): Promise<Exchange> {
  const { cases, bus, topicPrefix, topic, producer, abortSignal } = options;
  const signals = [...new Set(cases.map(({ signal }) => signal))];
  const received = new Map<string, EventForm[]>();
  const errors: string[] = [];
  const done = new AbortController();
  let expected = cases.length;
  let handled = 0;
  const check = () => {
    if (handled >= expected) done.abort();
  };

  using _logger = configureEvents({
    logger: {
      ...silentLogger,
      error: (facts, message) => {
        errors.push(`${message}: ${(facts as { err?: unknown }).err}`);
        handled += 1;
        check();
      },
    },
  });
  const connections = signals.map((signal) =>
    signal.connect(
      ({ metadata, data, fromEventBus }) => {
        if (!fromEventBus) return;
        const form = { metadata: metadataToJson(metadata), data: recordToJson(signal, data) };
        received.set(metadata.id, [...(received.get(metadata.id) ?? []), form]);
        handled += 1;
        check();
      },
      { name: 'interop: received' },
    ),
  );
  await using consumer = bus.createConsumer({
    topicPrefix,
    topics: [topic],
    groupId: 'interop-typescript',
    startFrom: 'earliest',
    codec: avroCodec({ unsafeIntegers: 'bigint' }),
  });
  const running = consumer.run({ abortSignal: AbortSignal.any([abortSignal, done.signal]) });

  for (const [index, { name, signal, data }] of cases.entries()) {
    producer.write({ case: name, event_type: signal.eventType, time: times[index % times.length], data });
  }
  await producer
    .untilLines(1 + cases.length, abortSignal)
    .catch((error: Error) => errors.push(error.message));
  const sent = sentBy(producer, cases, errors);
  expected = sent.size;
  check();
  await running.catch((error: Error) => errors.push(error.message));
  for (const connection of connections) connection.disconnect();
  return { sent, received, errors };
}

/** Python refuses a time that is not in UTC. */
const times = [
  '2026-11-21T07:41:28.789604+00:00',
  '2026-11-21T07:41:28+00:00',
  '1969-12-31T23:59:59.000001Z',
];

/** What Python has sent: the metadata that it reports, and the data that it was given, with our defaults for missing fields. */
function sentBy(
  producer: PythonPeer,
  cases: readonly InteropCase[],
  errors: string[],
): ReadonlyMap<string, EventForm> {
  const byName = new Map(cases.map((one) => [one.name, one]));
  const sent = new Map<string, EventForm>();
  for (const { case: name = '', metadata, error } of producer.lines) {
    const one = byName.get(name);
    if (error !== undefined) errors.push(`${name}: ${error}`);
    if (one === undefined || metadata === undefined) continue;
    const data = recordToJson(one.signal, recordFromJson(one.signal, one.data));
    sent.set(name, { metadata, data });
  }
  return sent;
}
