import type { BoundCodec, KeyCodec } from '../wire/codec.js';
import type { EncodedEvent } from '../wire/encoded-event.js';
import type { OutgoingEvent } from './producer.js';

/** The codec of one signal, with the key codecs that were needed so far. */
export interface Binding {
  readonly codec: BoundCodec;
  readonly keys: Map<string, KeyCodec>;
}

export function bindingOf(codec: BoundCodec): Binding {
  return { codec, keys: new Map() };
}

/**
 * Turns an event into bytes.
 *
 * @throws EncodingFailedError, ProducerConfigurationError
 */
export function encodeEvent({ codec, keys }: Binding, event: OutgoingEvent): EncodedEvent {
  const { eventKeyField, data, metadata, topic } = event;
  let key = keys.get(eventKeyField);
  if (key === undefined) {
    key = codec.key(eventKeyField);
    keys.set(eventKeyField, key);
  }
  return { metadata, topic, record: codec.encode(data), schema: codec.schema, key: key.encode(data) };
}
