import type { EventsMetadata } from '../metadata/events-metadata.js';
import type { Route } from '../routes/route.js';
import type { Health } from '../runtime/health.js';
import type { FieldsInput } from '../shapes/shape.js';
import type { KeyPath } from '../signals/key-path.js';
import type { OpenEdxPublicSignal, PayloadFields } from '../signals/signal.js';
import type { EncodedEvent } from '../wire/encoded-event.js';
import type { Message } from '../wire/message.js';
import type { PublishOptions } from './publish-options.js';

/** Publishes events; what applications and routes see of an `EventBusProducer`. */
export interface Producer extends AsyncDisposable {
  /**
   * Publishes one event and resolves when the broker has accepted it. Sends that overlap are published together.
   *
   * @throws InvalidDataError, EncodingFailedError, ProducerConfigurationError when the event cannot be written, or
   *   the topic is a dead-letter topic
   * @throws BufferFullError when too many events wait
   * @throws ProduceFailedError when the broker did not accept it within `deliveryTimeoutMs`
   * @throws IllegalStateError after `close()`
   */
  send<F extends PayloadFields>(event: OutgoingEvent<F>): Promise<SendReceipt>;

  /** Like `send`, but what is wrong at once is thrown instead of returned as a rejection. For routes. */
  offer<F extends PayloadFields>(event: OutgoingEvent<F>): Promise<SendReceipt>;

  /**
   * Publishes events that were encoded before, such as those of an outbox. Each settles on its own, in the order of the
   * batch; `faultOf` answers whether a rejected event is itself the cause. A batch of more than `maxBufferedEvents` events
   * (less those that wait already) or `maxBufferedBytes` bytes is published in part: the rest rejects with
   * `BufferFullError`, so keep batches below.
   *
   * @throws InvalidOptionsError when the options are wrong
   */
  publishEncoded(
    batch: readonly EncodedEvent[],
    options?: PublishOptions,
  ): Promise<readonly PromiseSettledResult<SendReceipt>[]>;

  /** Publishes messages as they are, for redrives and bridges. Each settles on its own, as with `publishEncoded`. */
  publishMessages(
    batch: readonly Message[],
    options?: PublishOptions,
  ): Promise<readonly PromiseSettledResult<SendReceipt>[]>;

  /**
   * Does ahead of the first event of these routes what it would otherwise wait for. Called when routes are connected;
   * no send waits for it. While something is down it goes on trying.
   *
   * @throws when trying again does not help: events of such a route will fail
   */
  warmUp?(routes: readonly Route[]): Promise<void>;

  /** Resolves when everything sent before has been accepted or has failed. */
  flush(): Promise<void>;

  /**
   * Refuses further events, flushes for at most `closeTimeoutMs`, then closes the connections. What was not accepted by then
   * rejects with `ProduceFailedError`. Safe to call twice.
   */
  close(): Promise<void>;

  health(): Health;
}

/** An event on its way out. */
export interface OutgoingEvent<F extends PayloadFields = PayloadFields> {
  readonly signal: OpenEdxPublicSignal<F>;
  /** Without prefix. */
  readonly topic: string;
  /** The path of the key; events with equal keys keep their order. */
  readonly eventKeyField: NoInfer<KeyPath<F>>;
  readonly data: NoInfer<FieldsInput<F>>;
  readonly metadata: EventsMetadata;
}

/** Proof that the broker has accepted an event. */
export interface SendReceipt {
  /** The metadata's id; empty for a bare message. */
  readonly eventId: string;
  /** With prefix. */
  readonly topic: string;
  /** Where it lies, e.g. `0:17` or `1718-0`; only the bus knows what it means. */
  readonly position: string;
}
