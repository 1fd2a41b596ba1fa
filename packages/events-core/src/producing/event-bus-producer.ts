import { IllegalStateError, ProduceFailedError } from '../errors/bus-errors.js';
import { InvalidDataError, InvalidMetadataError } from '../errors/data-errors.js';
import type { Issue } from '../errors/events-error.js';
import { LocalOnlyError } from '../errors/signal-errors.js';
import { assertNotDeadLetterTopic } from '../routes/assert-not-dead-letter-topic.js';
import { deferred } from '../runtime/deferred.js';
import type { Health } from '../runtime/health.js';
import { runtime } from '../runtime/runtime.js';
import { waitAtMost } from '../runtime/wait-at-most.js';
import { checkOf } from '../shapes/check.js';
import type { OpenEdxPublicSignal, PayloadFields } from '../signals/signal.js';
import type { EventCodec } from '../wire/codec.js';
import type { EncodedEvent } from '../wire/encoded-event.js';
import type { Message } from '../wire/message.js';
import { messageBytes } from '../wire/message-bytes.js';
import { fullTopicName } from '../wire/topic-name.js';
import type { WireFormat } from '../wire/wire-format.js';
import { type Binding, bindingOf, encodeEvent } from './encode-event.js';
import type { OutgoingEvent, Producer, SendReceipt } from './producer.js';
import type { ResolvedProducerOptions } from './producer-options.js';
import { SendBuffer } from './send-buffer.js';
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
  /** Sends whose codec is not ready yet. */
  readonly #offering = new Set<Promise<unknown>>();
  readonly #abandoned = deferred();
  readonly #buffer: SendBuffer;
  #closing: Promise<void> | undefined;

  protected constructor(parts: {
    readonly codec: EventCodec;
    readonly wireFormat: WireFormat;
    readonly options: ResolvedProducerOptions;
  }) {
    this.#codec = parts.codec;
    this.#wireFormat = parts.wireFormat;
    this.#options = parts.options;
    this.#buffer = new SendBuffer(parts.options);
  }

  // #region port
  /**
   * Writes messages of one topic to the broker, in order, and returns an outcome for each. Throws when all failed. A
   * message that failed with `retryable: true` is sent again: never set it when the message may have been written.
   */
  protected abstract publish(
    messages: readonly Message[],
    abortSignal: AbortSignal,
  ): Promise<readonly PublishOutcome[]>;

  /** Closes every connection of this producer. Called once, after the last publish. */
  protected abstract release(): Promise<void>;
  // #endregion port

  send<F extends PayloadFields>(event: OutgoingEvent<F>): Promise<SendReceipt> {
    try {
      const issues: Issue[] = [];
      const data = checkOf(event.signal.shape)(event.data, issues) as typeof event.data;
      if (issues.length > 0) throw new InvalidDataError(event.signal.eventType, issues);
      return this.offer({ ...event, data });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  offer<F extends PayloadFields>(event: OutgoingEvent<F>): Promise<SendReceipt> {
    this.#mustBeOpen();
    const { signal, metadata } = event;
    if (metadata.eventType !== signal.eventType) {
      throw new InvalidMetadataError('eventType', `expected ${signal.eventType}, got ${metadata.eventType}`);
    }
    assertNotDeadLetterTopic(signal.eventType, event.topic);
    const outgoing = event as unknown as OutgoingEvent;
    const bound = this.#bind(outgoing.signal);
    if (bound instanceof Promise) return this.#offerWhenBound(bound, outgoing);
    return this.#enqueueEncoded(encodeEvent(bound, outgoing));
  }

  publishEncoded(batch: readonly EncodedEvent[]): Promise<readonly PromiseSettledResult<SendReceipt>[]> {
    return Promise.allSettled(
      batch.map(async (event) => {
        this.#mustBeOpen();
        return this.#enqueueEncoded(event);
      }),
    );
  }

  publishMessages(batch: readonly Message[]): Promise<readonly PromiseSettledResult<SendReceipt>[]> {
    return Promise.allSettled(
      batch.map(async (message) => {
        this.#mustBeOpen();
        return this.#enqueue('', '', message.topic, messageBytes(message), () => message);
      }),
    );
  }

  async flush(): Promise<void> {
    if (this.#offering.size > 0) await Promise.allSettled(this.#offering);
    await this.#flushQueues();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  health(): Health {
    const isOpen = this.#closing === undefined;
    const reasons = Array.from(this.#queues, ([topic, { lastError }]) =>
      lastError === undefined ? [] : [`topic ${topic}: ${lastError}`],
    ).flat();
    if (!isOpen) reasons.push('the producer is closed');
    return { live: isOpen, ready: reasons.length === 0, reasons };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    await waitAtMost(this.#options.closeTimeoutMs, this.flush());
    this.#abandoned.resolve();
    for (const queue of this.#queues.values()) queue.abort();
    await waitAtMost(abortGraceMs, this.#flushQueues());
    for (const queue of this.#queues.values()) queue.abandon();
    await this.#flushQueues();
    await this.release();
  }

  async #flushQueues(): Promise<void> {
    await Promise.all(Array.from(this.#queues.values(), (queue) => queue.flush()));
  }

  /** Holds a place in the buffer until the codec is ready, and keeps the order of sends: nothing may come between. */
  #offerWhenBound(bound: Promise<Binding>, event: OutgoingEvent): Promise<SendReceipt> {
    const { signal, topic } = event;
    this.#buffer.reserve(topic, 0); // its size is not known yet
    let isAbandoned = false;
    const abandoned = this.#abandoned.promise.then((): never => {
      isAbandoned = true;
      throw new ProduceFailedError(topic, 'the producer was closed first', { retryable: true });
    });
    const enqueued = bound.then(
      (binding) => {
        this.#buffer.free(0);
        if (isAbandoned) return abandoned;
        return { receipt: this.#enqueueEncoded(encodeEvent(binding, event)) };
      },
      (error: unknown) => {
        this.#buffer.free(0);
        runtime().logger.error({ err: error, eventType: signal.eventType, topic }, notEncoded);
        throw error;
      },
    );
    this.#offering.add(enqueued);
    const done = () => this.#offering.delete(enqueued);
    enqueued.then(done, done);
    return Promise.race([enqueued, abandoned]).then(({ receipt }) => receipt);
  }

  #bind(signal: OpenEdxPublicSignal): Binding | Promise<Binding> {
    const known = this.#bindings.get(signal);
    if (known !== undefined) return known;
    const { localOnly } = signal.about;
    if (localOnly !== undefined) throw new LocalOnlyError(signal.eventType, localOnly);
    const bound = this.#codec.bind(signal);
    const binding = bound instanceof Promise ? bound.then(bindingOf) : bindingOf(bound);
    this.#bindings.set(signal, binding);
    if (binding instanceof Promise) {
      binding.then(
        (ready) => this.#bindings.set(signal, ready),
        () => this.#bindings.delete(signal),
      );
    }
    return binding;
  }

  #enqueueEncoded(event: EncodedEvent): Promise<SendReceipt> {
    const fullTopic = fullTopicName(event.topic, this.#options.topicPrefix);
    const { eventType, id } = event.metadata;
    const bytes = event.record.byteLength + event.key.bytes.byteLength;
    return this.#enqueue(eventType, id, fullTopic, bytes, () => this.#wireFormat.frame(event, fullTopic));
  }

  #enqueue(
    eventType: string,
    eventId: string,
    topic: string,
    bytes: number,
    message: () => Message | Promise<Message>,
  ): Promise<SendReceipt> {
    this.#buffer.reserve(topic, bytes);
    const { clock, telemetry, logger } = runtime();
    const startedAt = clock.monotonic();
    return new Promise((resolve, reject) => {
      this.#queueOf(topic).add({
        message,
        accepted: (position) => {
          this.#buffer.free(bytes);
          const durationMs = clock.monotonic() - startedAt;
          telemetry.record({ type: 'event.published', eventType, topic, durationMs });
          resolve({ eventId, topic, position });
        },
        failed: (error) => {
          this.#buffer.free(bytes);
          telemetry.record({ type: 'event.publish-failed', eventType, topic, error });
          const isUnknown = error instanceof ProduceFailedError && error.outcome === 'unknown';
          logger.error({ err: error, eventType, eventId, topic }, isUnknown ? maybeAccepted : notAccepted);
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

const notAccepted = 'the broker did not accept an event; it is lost unless its sender sends it again';
const maybeAccepted =
  'the broker may have accepted an event, but did not answer; sent again it may come twice, so look for it by its id first';
const notEncoded = 'an event was not sent: its codec, or the schema registry, refuses its schema';

/** Time for a bus to end its request after the abort, in milliseconds. */
const abortGraceMs = 1_000;
