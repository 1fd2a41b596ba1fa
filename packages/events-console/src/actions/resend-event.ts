import { recordFromJson, recordToJson } from '@openedx-ts/events-avro';
import { createMetadata, InvalidOptionsError, type OpenEdxPublicSignal } from '@openedx-ts/events-core';
import {
  type BoundCodec,
  type EncodedKey,
  fullTopicName,
  isDeadLetterTopic,
  keyPathsIn,
} from '@openedx-ts/events-core/bus';
import { decodeDeadLetter, maskPersonalData, type StoredMessage } from '@openedx-ts/events-core/operate';
import type { SentAnswer } from '../answers/action-answers.js';
import { ConsoleError } from '../errors/console-error.js';
import { headerText } from '../messages/header-lines.js';
import { messageAt } from '../messages/message-at.js';
import type { MessageTools } from '../messages/message-tools.js';
import { parseJson } from '../messages/parse-json.js';
import { restoreMasked } from '../messages/restore-masked.js';

/** Which event is sent again, and with which data. */
export interface ResendOrder {
  /** Without prefix. */
  readonly topic: string;
  readonly position: string;
  /** The data as they were shown, or edited, as JSON: what is still masked is taken from the event. */
  readonly data: string;
}

/**
 * Sends a new event to the topic of an event, with its type and the given data: with a new id and time, caused by the event,
 * and keyed by the same field. Every group of the topic receives it.
 *
 * @throws InvalidOptionsError when the topic is a dead-letter topic
 * @throws ConsoleError when there is no such event, the data are no JSON, or the field of its key cannot be recognised
 * @throws InvalidDataError when the data do not fit, with the path of every issue
 * @throws DecodingFailedError, UnknownSignalError when the event cannot be decoded
 * @throws ProduceFailedError, InfrastructureError when the bus does not accept it
 */
export async function resendEvent(
  { topics, codec, loadSignal }: MessageTools,
  { topic, position, data: text }: ResendOrder,
): Promise<SentAnswer> {
  if (isDeadLetterTopic(topic)) throw refused(topic);
  const stored = await messageAt({ topics }, topic, position);
  const { wireFormat, topicPrefix } = topics;
  const eventType = headerText(
    stored.message.headers,
    wireFormat.headerNaming === 'kafka' ? 'ce_type' : 'type',
  );
  if (eventType !== null) await loadSignal?.(eventType);
  const source = await decodeDeadLetter(topics, { message: stored.message, facts: null }, codec);
  const { signal } = source;
  const original = recordToJson(signal, source.data);
  const edited = restoreMasked(parseJson(text), maskPersonalData(signal.shape, original), original);
  const data = recordFromJson(signal, edited);
  const bound = await codec.bind(signal);
  const key = keyOf(bound, signal, source.data, stored).encode(data);
  const metadata = createMetadata({
    ...{ eventType: signal.eventType, minorVersion: signal.minorVersion, causationId: source.metadata.id },
    correlationId: source.metadata.correlationId ?? source.metadata.id,
  });
  const encoded = { metadata, topic, record: bound.encode(data), schema: bound.schema, key };
  const message = await wireFormat.frame(encoded, fullTopicName(topic, topicPrefix));
  return { topic, position: await topics.write(message), id: metadata.id };
}

function refused(topic: string): InvalidOptionsError {
  const message = `${topic} is a dead-letter topic, which no consumer processes: redrive it, or send the event at its source`;
  return new InvalidOptionsError('send', [{ path: 'topic', message }]);
}

/** The codec of the field that made the key of a message. */
function keyOf(bound: BoundCodec, signal: OpenEdxPublicSignal, data: object, stored: StoredMessage) {
  const path = keyPathsIn(signal.shape.fields).find((one) => isKeyOf(bound.key(one).encode(data), stored));
  if (path !== undefined) return bound.key(path);
  const message =
    'the field of its key cannot be recognised: send it with openedx-events produce --key-field';
  throw new ConsoleError(409, 'CONSOLE_UNKNOWN_KEY', message);
}

/** On Kafka the key is framed by the id of its schema; on Redis it is a header. */
function isKeyOf({ bytes, text }: EncodedKey, { message: { key, headers } }: StoredMessage): boolean {
  if (headerText(headers, 'event_key') === text) return true;
  return (
    key !== null &&
    key.length === bytes.length + FRAME_BYTES &&
    Buffer.from(bytes).equals(key.subarray(FRAME_BYTES))
  );
}

const FRAME_BYTES = 5;
