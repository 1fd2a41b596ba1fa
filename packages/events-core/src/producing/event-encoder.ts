import { LocalOnlyError } from '../errors/signal-errors.js';
import type { OpenEdxPublicSignal, PayloadFields } from '../signals/signal.js';
import type { BoundCodec, EventCodec, KeyCodec, WriterSchema } from '../wire/codec.js';
import type { EncodedEvent } from '../wire/encoded-event.js';
import { assertSendable } from './assert-sendable.js';
import type { OutgoingEvent } from './producer.js';

/** Turns events into bytes without a producer, for whatever stores them first, such as an outbox. */
export interface EventEncoder {
  /**
   * Prepares the codec of a signal, once; a promise where the codec has to ask first. A signal that failed is prepared
   * again by the next call.
   *
   * @throws LocalOnlyError when the event may not leave the process
   * @throws InvalidSignalError when the signal has no schema
   */
  bind<F extends PayloadFields>(signal: OpenEdxPublicSignal<F>): SignalEncoder<F> | Promise<SignalEncoder<F>>;
}

/** Encodes the events of one signal. */
export interface SignalEncoder<F extends PayloadFields = PayloadFields> {
  /**
   * Encodes an event whose data was checked, as `sendEvent` and `checkData` do. Synchronous.
   *
   * @throws InvalidMetadataError when the metadata is of another event type
   * @throws ProducerConfigurationError when the topic is not one for events, or the key path cannot be a key
   * @throws EncodingFailedError
   */
  encode(event: Omit<OutgoingEvent<F>, 'signal'>): EncodedEvent;
  /**
   * Returns the schemas of what `encode` writes: of the data, and of the key at this path.
   *
   * @throws ProducerConfigurationError when the key path cannot be a key
   */
  schemas(eventKeyField: string): readonly WriterSchema[];
}

/** Creates an encoder. It keeps the codecs of all signals that it has bound. */
export function eventEncoder(codec: EventCodec): EventEncoder {
  const encoders = new Map<OpenEdxPublicSignal, SignalEncoder | Promise<SignalEncoder>>();

  const bind = (signal: OpenEdxPublicSignal): SignalEncoder | Promise<SignalEncoder> => {
    const known = encoders.get(signal);
    if (known !== undefined) return known;
    const { localOnly } = signal.about;
    if (localOnly !== undefined) throw new LocalOnlyError(signal.eventType, localOnly);
    const bound = codec.bind(signal);
    if (!(bound instanceof Promise)) {
      const encoder = signalEncoder(signal, bound);
      encoders.set(signal, encoder);
      return encoder;
    }
    const binding = bound.then((ready) => signalEncoder(signal, ready));
    encoders.set(signal, binding);
    binding.then(
      (ready) => encoders.set(signal, ready),
      () => encoders.delete(signal),
    );
    return binding;
  };
  return { bind: bind as unknown as EventEncoder['bind'] };
}

function signalEncoder({ eventType }: OpenEdxPublicSignal, codec: BoundCodec): SignalEncoder {
  const keys = new Map<string, KeyCodec>();
  const keyOf = (eventKeyField: string): KeyCodec => {
    const known = keys.get(eventKeyField);
    if (known !== undefined) return known;
    const key = codec.key(eventKeyField);
    keys.set(eventKeyField, key);
    return key;
  };
  return {
    encode({ eventKeyField, data, metadata, topic }) {
      assertSendable(eventType, { metadata, topic });
      const key = keyOf(eventKeyField);
      return { metadata, topic, record: codec.encode(data), schema: codec.schema, key: key.encode(data) };
    },
    schemas: (eventKeyField) => [codec.schema, keyOf(eventKeyField).schema],
  };
}
