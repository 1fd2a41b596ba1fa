import {
  type MemoryBroker,
  MemoryEventBusConsumer,
  MemoryEventBusProducer,
} from '@openedx-ts/event-bus-memory';
import { avroCodec, recordToJson } from '@openedx-ts/events-avro';
import { loadCatalogSignal } from '@openedx-ts/events-catalog';
import { deadLetterTopic, metadataToJson, type WireFormat } from '@openedx-ts/events-core/bus';
import type { Tally } from '../tally.js';
import { waitUntilDelivered } from '../wait-until-delivered.js';
import type { Capture } from './captures.js';

/** Publishes captured messages unchanged and counts what a consumer decodes from them. */
export async function replay(options: {
  readonly over: string;
  readonly captures: readonly Capture[];
  readonly broker: MemoryBroker;
  readonly wireFormat: WireFormat;
  readonly tally: Tally;
  readonly abortSignal: AbortSignal;
  readonly patienceMs: number;
}): Promise<void> {
  const { over, captures, broker, wireFormat, tally } = options;
  const topics = [...new Set(captures.map(({ message }) => message.topic))];
  const stopWatching = new AbortController();
  await watch(captures, tally, stopWatching.signal);

  await using producer = new MemoryEventBusProducer({ broker, wireFormat });
  await using consumer = new MemoryEventBusConsumer({
    broker,
    wireFormat,
    codec: avroCodec({ unsafeIntegers: 'bigint' }),
    topics,
    groupId,
  });
  const running = consumer.run();
  await consumer.ready;

  for (const { event } of captures) tally.send(over, event);
  const outcomes = await producer.publishMessages(captures.map(({ message }) => message));
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') tally.mismatch(`${over}: not published (${String(outcome.reason)})`);
  await waitUntilDelivered(tally, { ...options, expected: tally.sent });
  bookDeadLetters(broker, topics, tally);

  consumer.stop();
  await running;
  stopWatching.abort();
}

const groupId = 'demo';

/** Loads the signals of the captured events and counts what their receivers get. */
async function watch(captures: readonly Capture[], tally: Tally, abortSignal: AbortSignal): Promise<void> {
  for (const eventType of new Set(captures.map(({ event }) => event.metadata.event_type))) {
    const signal = await loadCatalogSignal(eventType);
    signal?.connect(
      ({ data, metadata }) =>
        tally.deliver({ metadata: metadataToJson(metadata), data: recordToJson(signal, data) }),
      { name: 'demo', abortSignal },
    );
  }
}

/** A message that the consumer could not decode reached no receiver; its dead letter has the reason. */
function bookDeadLetters(broker: MemoryBroker, topics: readonly string[], tally: Tally): void {
  const deadLetters = topics.flatMap((topic) => broker.messages(deadLetterTopic(topic, groupId)));
  for (const { topic, headers } of deadLetters) {
    const reason = headers.find(([name]) => name === 'dlq-message')?.[1] ?? undefined;
    tally.mismatch(`${topic}: ${reason === undefined ? 'no reason given' : Buffer.from(reason).toString()}`);
  }
}
