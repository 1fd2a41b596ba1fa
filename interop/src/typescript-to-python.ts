import { avroCodec, recordFromJson, recordToJson } from '@openedx-ts/events-avro';
import {
  createMetadata,
  type EventsMetadata,
  type OpenEdxPublicSignal,
  route,
  type SignalEvent,
} from '@openedx-ts/events-core';
import { connectRoutes, type KeyPath, metadataToJson } from '@openedx-ts/events-core/bus';
import type { EventForm, Exchange, InteropCase } from './exchange.js';
import type { InteropBus } from './interop-bus.js';
import type { PeerLine, PythonPeer } from './python-peer.js';

export interface TypeScriptToPythonOptions {
  readonly cases: readonly InteropCase[];
  readonly bus: InteropBus;
  readonly topicPrefix: string;
  readonly topic: string;
  /** Runs `consume.py` on the topic. */
  readonly consumer: PythonPeer;
  /** When the exchange is abandoned. */
  readonly abortSignal: AbortSignal;
}

/** Sends as an application does (`sendEvent` and a route) and waits until Python's receivers have got it. */
export async function typeScriptToPython(options: TypeScriptToPythonOptions): Promise<Exchange> {
  const { cases, bus, topicPrefix, topic, consumer, abortSignal } = options;
  const signals = [...new Set(cases.map(({ signal }) => signal))];
  const errors: string[] = [];
  const sent = new Map<string, EventForm>();

  await using producer = bus.createProducer({
    topicPrefix,
    codec: avroCodec({ unsafeIntegers: 'bigint' }),
  });
  using _routes = connectRoutes(
    producer,
    signals.map((signal) =>
      route(signal, {
        topic,
        eventKeyField: signal.about.eventKeyField as KeyPath<OpenEdxPublicSignal['shape']['fields']>,
        awaitAcceptanceMs: 10_000,
      }),
    ),
  );
  let cause: EventsMetadata | undefined;
  for (const [index, { name, signal, data }] of cases.entries()) {
    const remembered: SignalEvent[] = [];
    using _receiver = signal.connect((event) => remembered.push(event), { name: 'interop: sent' });
    const results = await signal.sendEvent(recordFromJson(signal, data) as never, {
      time: times[index % times.length] as string,
      unsafeIntegers: 'bigint',
      ...(cause === undefined ? {} : { causedBy: cause }),
    });
    for (const result of results) if (result.status === 'rejected') errors.push(`${name}: ${result.reason}`);
    const [event] = remembered;
    if (event === undefined) continue;
    sent.set(name, { metadata: metadataToJson(event.metadata), data: recordToJson(signal, event.data) });
    cause = createMetadata(event.metadata);
  }

  // The first line names Python's versions; then there is a line for each event, handled or not.
  await consumer.untilLines(1 + sent.size, abortSignal).catch((error: Error) => errors.push(error.message));
  const received = receivedIn(consumer.lines);
  return { sent, refused: new Map(), received, errors: [...errors, ...errorsIn(consumer.lines)] };
}

const times = [
  '2026-11-21T07:41:28.789604+02:00',
  '2026-11-21T07:41:28+00:00',
  '1969-12-31T23:59:59.000001-03:30',
];

function receivedIn(lines: readonly PeerLine[]): ReadonlyMap<string, readonly EventForm[]> {
  const received = new Map<string, EventForm[]>();
  for (const { metadata, data, from_event_bus: fromEventBus } of lines) {
    if (metadata === undefined || data === undefined || fromEventBus !== true) continue;
    received.set(metadata.id, [...(received.get(metadata.id) ?? []), { metadata, data }]);
  }
  return received;
}

function errorsIn(lines: readonly PeerLine[]): readonly string[] {
  return lines.flatMap(({ error }) => error ?? []);
}
