import { BufferFullError, IllegalStateError } from '../errors/bus-errors.js';
import { InvalidDataError } from '../errors/data-errors.js';
import type { Issue } from '../errors/events-error.js';
import type { Health } from '../runtime/health.js';
import { settings } from '../runtime/settings.js';
import { checkOf } from '../shapes/check.js';
import type { OpenEdxPublicSignal, PayloadFields } from '../signals/signal.js';
import type { BoundCodec, EventCodec, KeyCodec } from '../wire/codec.js';
import type { EncodedEvent } from '../wire/encoded-event.js';
import type { Message } from '../wire/message.js';
import { fullTopicName } from '../wire/topic-name.js';
import type { WireFormat } from '../wire/wire-format.js';
import type { OutgoingEvent, Producer, SendReceipt } from './producer.js';
import type { ResolvedProducerOptions } from './producer-options.js';
import { type PublishOutcome, SendQueue } from './send-queue.js';

/**
 * The producer of every bus. A bus adds two methods: `publish`, which hands messages to the broker, and `release`,
 * which lets go of it. Encoding, batching, retries within the delivery timeout, the bounded buffer and flushing are here.
 */
export abstract class EventBusProducer implements Producer {
  readonly #codec: EventCodec;
  readonly #wireFormat: WireFormat;
  readonly #options: ResolvedProducerOptions;
  readonly #bindings = new Map<OpenEdxPublicSignal, Binding | Promise<Binding>>();
  readonly #queues = new Map<string, SendQueue>();
  #buffered = 0;
  #closing: Promise<void> | undefined;

  protected constructor(parts: {
    readonly codec: EventCodec;
    readonly wireFormat: WireFormat;
    readonly options: ResolvedProducerOptions;
  }) {
    this.#codec = parts.codec;
    this.#wireFormat = parts.wireFormat;
    this.#options = parts.options;
  }

  // #region port
  /**
   * Hands messages of one topic to the broker, in order, and says for each whether it was accepted. To say that all
   * failed, throw. An error with `retryable: true` is tried again; one that may have been written must not be.
   */
  protected abstract publish(
    messages: readonly Message[],
    abortSignal: AbortSignal,
  ): Promise<readonly PublishOutcome[]>;

  /** Lets go of everything this producer opened. Called once, after the last publish. */
  protected abstract release(): Promise<void>;
  // #endregion port

  async send<F extends PayloadFields>(event: OutgoingEvent<F>): Promise<SendReceipt> {
    const issues: Issue[] = [];
    const data = checkOf(event.signal.shape)(event.data, issues) as typeof event.data;
    if (issues.length > 0) throw new InvalidDataError(event.signal.eventType, issues);
    return this.offer({ ...event, data });
  }

  offer<F extends PayloadFields>(event: OutgoingEvent<F>): Promise<SendReceipt> {
    this.#mustBeOpen();
    const bound = this.#bind(event.signal as unknown as OpenEdxPublicSignal);
    const encode = (binding: Binding) =>
      this.#enqueueEncoded(encodeEvent(binding, event as unknown as OutgoingEvent));
    return bound instanceof Promise ? bound.then(encode) : encode(bound);
  }

  publishEncoded(batch: readonly EncodedEvent[]): Promise<readonly PromiseSettledResult<SendReceipt>[]> {
    return Promise.allSettled(batch.map(async (event) => this.#enqueueEncoded(event)));
  }

  publishMessage(batch: readonly Message[]): Promise<readonly PromiseSettledResult<SendReceipt>[]> {
    return Promise.allSettled(
      batch.map(async (message) => this.#enqueue('', '', message.topic, () => message)),
    );
  }

  async flush(): Promise<void> {
    await Promise.all(Array.from(this.#queues.values(), (queue) => queue.idle()));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  health(): Health {
    const isOpen = this.#closing === undefined;
    const reasons = Array.from(this.#queues, ([topic, { trouble }]) =>
      trouble === undefined ? [] : [`topic ${topic}: ${trouble}`],
    ).flat();
    if (!isOpen) reasons.push('the producer is closed');
    return { live: isOpen, ready: reasons.length === 0, reasons };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    const timeout = new AbortController();
    const { clock } = settings();
    await Promise.race([this.flush(), clock.sleep(this.#options.closeTimeoutMs, timeout.signal)]);
    timeout.abort();
    for (const queue of this.#queues.values()) queue.abort();
    await this.flush();
    await this.release();
  }

  #bind(signal: OpenEdxPublicSignal): Binding | Promise<Binding> {
    const known = this.#bindings.get(signal);
    if (known !== undefined) return known;
    const bound = this.#codec.bind(signal);
    if (!(bound instanceof Promise)) return this.#keep(signal, bound);
    const binding = bound.then((codec) => this.#keep(signal, codec));
    this.#bindings.set(signal, binding);
    binding.catch(() => this.#bindings.delete(signal));
    return binding;
  }

  #keep(signal: OpenEdxPublicSignal, codec: BoundCodec): Binding {
    const binding = { codec, keys: new Map<string, KeyCodec>() };
    this.#bindings.set(signal, binding);
    return binding;
  }

  #enqueueEncoded(event: EncodedEvent): Promise<SendReceipt> {
    const fullTopic = fullTopicName(event.topic, this.#options.topicPrefix);
    const { eventType, id } = event.metadata;
    return this.#enqueue(eventType, id, fullTopic, () => this.#wireFormat.frame(event, fullTopic));
  }

  #enqueue(
    eventType: string,
    eventId: string,
    topic: string,
    message: () => Message | Promise<Message>,
  ): Promise<SendReceipt> {
    this.#mustBeOpen();
    const { maxBufferedEvents } = this.#options;
    if (this.#buffered >= maxBufferedEvents) throw new BufferFullError(topic, maxBufferedEvents);
    const { clock, telemetry, logger } = settings();
    const startedAt = clock.monotonic();
    this.#buffered += 1;
    return new Promise((resolve, reject) => {
      this.#queueOf(topic).add({
        message,
        accepted: (position) => {
          this.#buffered -= 1;
          telemetry.record({
            type: 'event.published',
            eventType,
            topic,
            durationMs: clock.monotonic() - startedAt,
          });
          resolve({ eventId, topic, position });
        },
        failed: (error) => {
          this.#buffered -= 1;
          telemetry.record({ type: 'event.publish-failed', eventType, topic, error });
          logger.error({ err: error, eventType, eventId, topic }, 'an event was not accepted by the broker');
          reject(error);
        },
      });
    });
  }

  #queueOf(topic: string): SendQueue {
    const existing = this.#queues.get(topic);
    if (existing !== undefined) return existing;
    const { maxBatchSize, deliveryTimeoutMs } = this.#options;
    const queue = new SendQueue({
      topic,
      maxBatchSize,
      deliveryTimeoutMs,
      publish: (messages, abortSignal) => this.publish(messages, abortSignal),
    });
    this.#queues.set(topic, queue);
    return queue;
  }

  #mustBeOpen(): void {
    if (this.#closing !== undefined) throw new IllegalStateError('send', 'closed');
  }
}

interface Binding {
  readonly codec: BoundCodec;
  readonly keys: Map<string, KeyCodec>;
}

function encodeEvent({ codec, keys }: Binding, event: OutgoingEvent): EncodedEvent {
  const { eventKeyField, data, metadata, topic } = event;
  let key = keys.get(eventKeyField);
  if (key === undefined) {
    key = codec.key(eventKeyField);
    keys.set(eventKeyField, key);
  }
  return { metadata, topic, record: codec.encode(data), schema: codec.schema, key: key.encode(data) };
}
