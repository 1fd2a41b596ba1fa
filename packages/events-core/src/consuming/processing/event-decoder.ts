import { runtime } from '../../runtime/runtime.js';
import { findSignal } from '../../signals/registry.js';
import type { OpenEdxPublicSignal } from '../../signals/signal.js';
import type { BoundCodec, EventCodec } from '../../wire/codec.js';
import { decodeHeaders } from '../../wire/headers.js';
import type { Message } from '../../wire/message.js';
import type { UnframedRecord, WireFormat } from '../../wire/wire-format.js';
import type { ReceivedEvent } from './received-event.js';

/** Identifies the signal of a message by its headers, and decodes its record. */
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
   * @throws UnusableMessageError, DecodingFailedError, IncompatibleSchemaError when the message cannot be decoded
   * @throws UnknownEventType when no signal of the message's type is loaded
   * @throws InfrastructureError when the schema registry is unreachable
   */
  decode(message: Message): ReceivedEvent | Promise<ReceivedEvent> {
    const metadata = decodeHeaders(message.headers, this.#wireFormat.headerNaming);
    const signal = findSignal(metadata.eventType);
    if (signal === undefined) throw new UnknownEventType(metadata.eventType);
    const unframed = this.#wireFormat.unframe(message);
    const codec = this.#bindings.get(signal);
    const read = ({ record, writer }: UnframedRecord, by: BoundCodec): ReceivedEvent => {
      const data = by.decode(record, writer) as ReceivedEvent['data'];
      if (writer === null) this.#recordUnverified(signal, message);
      return { signal, metadata, data };
    };
    if (codec !== undefined && !(unframed instanceof Promise)) return read(unframed, codec);
    const later = async () => read(await unframed, codec ?? (await this.#bind(signal)));
    return later();
  }

  #recordUnverified({ eventType }: OpenEdxPublicSignal, { topic }: Message): void {
    runtime().telemetry.record({ type: 'event.unverified', eventType, topic, groupId: this.#groupId });
  }

  async #bind(signal: OpenEdxPublicSignal): Promise<BoundCodec> {
    const codec = await this.#codec.bind(signal);
    this.#bindings.set(signal, codec);
    return codec;
  }
}

/** Thrown when no signal is loaded for the type of a message. Never leaves core. */
export class UnknownEventType extends Error {
  readonly eventType: string;

  constructor(eventType: string) {
    super(`no signal is loaded for event type ${eventType}`);
    this.eventType = eventType;
  }
}
