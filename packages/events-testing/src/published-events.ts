import type { MemoryBroker, StoredMessage } from '@openedx-ts/event-bus-memory';
import { confluentWireFormat } from '@openedx-ts/events-avro';
import type { EventsMetadata, OpenEdxPublicSignal, PayloadFields } from '@openedx-ts/events-core';
import {
  type BoundCodec,
  decodeHeaders,
  type FieldsOutput,
  isDeadLetterTopic,
} from '@openedx-ts/events-core/bus';
import { anyEventCodec } from './any-event-codec.js';

/** An event that lies in a broker. */
export interface PublishedEvent<F extends PayloadFields = PayloadFields> {
  /** With prefix. */
  readonly topic: string;
  /** As it would reach a receiver. */
  readonly data: FieldsOutput<F>;
  readonly metadata: EventsMetadata;
  /** The message as it travels: key, bytes and headers. */
  readonly message: StoredMessage;
}

/** A dead letter in a broker. */
export interface DeadLetteredEvent<F extends PayloadFields = PayloadFields> extends PublishedEvent<F> {
  /** The `dlq-code` header. */
  readonly code: string;
  /** The `dlq-group` header. */
  readonly groupId: string;
}

/**
 * The events of a signal in the topics of a memory broker, topic by topic; dead letters are left out. What cannot be
 * decoded as such an event is passed over.
 */
export async function publishedEvents<F extends PayloadFields>(
  broker: MemoryBroker,
  signal: OpenEdxPublicSignal<F>,
): Promise<readonly PublishedEvent<F>[]> {
  const topics = broker.topicNames.filter((topic) => !isDeadLetterTopic(topic));
  return decodeAll(broker, signal, topics);
}

/** The dead letters of a signal in a memory broker that can still be decoded as its events. */
export async function deadLetteredEvents<F extends PayloadFields>(
  broker: MemoryBroker,
  signal: OpenEdxPublicSignal<F>,
): Promise<readonly DeadLetteredEvent<F>[]> {
  const events = await decodeAll(broker, signal, broker.topicNames.filter(isDeadLetterTopic));
  return events.map((event) => ({
    ...event,
    code: headerText(event.message, 'dlq-code'),
    groupId: headerText(event.message, 'dlq-group'),
  }));
}

async function decodeAll<F extends PayloadFields>(
  broker: MemoryBroker,
  signal: OpenEdxPublicSignal<F>,
  topics: readonly string[],
): Promise<readonly PublishedEvent<F>[]> {
  const codec = anyEventCodec.bind(signal as unknown as OpenEdxPublicSignal);
  const messages = topics.flatMap((topic) => broker.messages(topic));
  const events = await Promise.all(messages.map((message) => decode<F>(broker, signal, codec, message)));
  return events.filter((event) => event !== undefined);
}

async function decode<F extends PayloadFields>(
  broker: MemoryBroker,
  signal: OpenEdxPublicSignal<F>,
  codec: BoundCodec,
  message: StoredMessage,
): Promise<PublishedEvent<F> | undefined> {
  const wireFormat = confluentWireFormat(broker.schemas);
  try {
    const metadata = decodeHeaders(message.headers, wireFormat.headerNaming);
    if (metadata.eventType !== signal.eventType) return undefined;
    const { record, writer } = await wireFormat.unframe(message);
    const data = codec.decode(record, writer) as FieldsOutput<F>;
    return { topic: message.topic, data, metadata, message };
  } catch {
    return undefined; // poison that a test put there on purpose
  }
}

function headerText({ headers }: StoredMessage, name: string): string {
  const bytes = headers.findLast(([header]) => header === name)?.[1];
  return bytes === undefined || bytes === null ? '' : Buffer.from(bytes).toString('utf8');
}
