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
    .untilLines(cases.length, abortSignal, ({ case: name }) => name !== undefined)
    .catch((error: Error) => errors.push(error.message));
  const { sent, refused } = sentBy(producer, cases);
  expected = sent.size;
  check();
  await running.catch((error: Error) => errors.push(error.message));
  for (const connection of connections) connection.disconnect();
  return { sent, refused, received, errors };
}

/** Python refuses a time that is not in UTC. */
const times = [
  '2026-11-21T07:41:28.789604+00:00',
  '2026-11-21T07:41:28+00:00',
  '1969-12-31T23:59:59.000001Z',
];

/**
 * What Python has sent: the metadata that it reports, and the data that it was given, with our defaults for missing fields.
 * The buses log why they do not send an event, before `produce.py` reports that it was given to them.
 */
function sentBy(
  producer: PythonPeer,
  cases: readonly InteropCase[],
): { readonly sent: ReadonlyMap<string, EventForm>; readonly refused: ReadonlyMap<string, string> } {
  const byName = new Map(cases.map((one) => [one.name, one]));
  const sent = new Map<string, EventForm>();
  const refused = new Map<string, string>();
  let failure: string | undefined;
  for (const { case: name, metadata, error } of producer.lines) {
    failure = error ?? failure;
    const one = byName.get(name ?? '');
    if (one === undefined) continue;
    if (failure !== undefined) refused.set(one.name, lastLine(failure));
    else if (metadata !== undefined) {
      const data = recordToJson(one.signal, recordFromJson(one.signal, one.data));
      sent.set(one.name, { metadata, data });
    }
    failure = undefined;
  }
  return { sent, refused };
}

/** The message of the exception at the end of a traceback. */
function lastLine(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').replace(/^[\w.]+: /, '');
}
