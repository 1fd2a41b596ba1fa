import { decodeHeaders } from '../metadata/headers.js';
import { settings } from '../runtime/settings.js';
import { findSignal } from '../signals/registry.js';
import type { OpenEdxPublicSignal } from '../signals/signal.js';
import type { BoundCodec, EventCodec } from '../wire/codec.js';
import type { Message } from '../wire/message.js';
import type { WireFormat } from '../wire/wire-format.js';
import type { ReceivedEvent } from './received-event.js';

/** The first two steps of every delivery: find the signal by the headers, then read the record. */
export class EventDecoder {
  readonly #codec: EventCodec;
  readonly #wireFormat: WireFormat;
  readonly #groupId: string;
  readonly #bindings = new Map<OpenEdxPublicSignal, BoundCodec>();

  constructor(parts: {
    readonly codec: EventCodec;
    readonly wireFormat: WireFormat;
    readonly groupId: string;
  }) {
    this.#codec = parts.codec;
    this.#wireFormat = parts.wireFormat;
    this.#groupId = parts.groupId;
  }

  /**
   * @throws UnusableMessageError, DecodingFailedError, IncompatibleSchemaError for poison
   * @throws UnknownEventType when no signal of the message's type is loaded
   * @throws InfrastructureError when a schema cannot be fetched right now
   */
  async decode(message: Message): Promise<ReceivedEvent> {
    const metadata = decodeHeaders(message.headers, this.#wireFormat.headerNaming);
    const signal = findSignal(metadata.eventType);
    if (signal === undefined) throw new UnknownEventType(metadata.eventType);
    const unframed = this.#wireFormat.unframe(message);
    const { record, writer } = unframed instanceof Promise ? await unframed : unframed;
    const codec = this.#bindings.get(signal) ?? (await this.#bind(signal));
    const data = codec.decode(record, writer) as ReceivedEvent['data'];
    if (writer === null) {
      const { eventType } = signal;
      const { topic } = message;
      settings().telemetry.record({ type: 'event.unverified', eventType, topic, groupId: this.#groupId });
    }
    return { signal, metadata, data };
  }

  async #bind(signal: OpenEdxPublicSignal): Promise<BoundCodec> {
    const codec = await this.#codec.bind(signal);
    this.#bindings.set(signal, codec);
    return codec;
  }
}

/** Says that there is no signal for a message; not an error of the event, and never seen outside this folder. */
export class UnknownEventType extends Error {
  readonly eventType: string;

  constructor(eventType: string) {
    super(`no signal is loaded for event type ${eventType}`);
    this.eventType = eventType;
  }
}
