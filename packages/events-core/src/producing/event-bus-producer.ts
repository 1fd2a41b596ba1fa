import { setMaxListeners } from 'node:events';
import { IllegalStateError, ProduceFailedError } from '../errors/bus-errors.js';
import { freezeMetadata } from '../metadata/create-metadata.js';
import type { Health } from '../runtime/health.js';
import { runtime } from '../runtime/runtime.js';
import type { SentEventFacts } from '../runtime/telemetry.js';
import type { TraceContext } from '../runtime/trace-context.js';
import { unlessAborted } from '../runtime/unless-aborted.js';
import { waitAtMost } from '../runtime/wait-at-most.js';
import { checkData } from '../signals/check-data.js';
import type { PayloadFields } from '../signals/signal.js';
import type { EventCodec } from '../wire/codec.js';
import type { EncodedEvent } from '../wire/encoded-event.js';
import type { Message } from '../wire/message.js';
import { messageBytes } from '../wire/message-bytes.js';
import { fullTopicName } from '../wire/topic-name.js';
import type { WireFormat } from '../wire/wire-format.js';
import { assertPublishable } from './assert-publishable.js';
import { assertSendable } from './assert-sendable.js';
import { type EventEncoder, eventEncoder, type SignalEncoder } from './event-encoder.js';
import { keyOf } from './failed-keys.js';
import type { OutgoingEvent, Producer, SendReceipt } from './producer.js';
import type { ResolvedProducerOptions } from './producer-options.js';
import { type CallItem, PublishCall } from './publish-call.js';
import type { PublishOptions } from './publish-options.js';
import type { PublishOutcome } from './publish-outcome.js';
import { SendBuffer } from './send-buffer.js';
import { SendQueues } from './send-queues.js';
import { SendReport } from './send-report.js';

/**
 * The producer of every bus. A bus adds two methods: `publish`, which hands messages to the broker, and `release`, which
 * closes its connections. Encoding, batching, retries within the delivery timeout, the bounded buffer and flushing are
 * here.
 */
export abstract class EventBusProducer implements Producer {
  readonly #encoder: EventEncoder;
  readonly #wireFormat: WireFormat;
  readonly #options: ResolvedProducerOptions;
  readonly #system: string;
  readonly #queues: SendQueues;
  /** Sends whose codec is not ready yet. */
  readonly #offering = new Set<Promise<unknown>>();
  /** Fires when they are not waited for any longer. */
  readonly #abandoned = new AbortController();
  readonly #buffer: SendBuffer;
  #closing: Promise<void> | undefined;

  protected constructor(parts: {
    readonly codec: EventCodec;
    readonly wireFormat: WireFormat;
    readonly options: ResolvedProducerOptions;
    /** The name of the bus in metrics and spans. @defaultValue that of its header names: `kafka` or `redis` */
    readonly system?: string;
    /**
     * The lane of a message, such as its partition; undefined where it is not known. A lane that fails, or does not answer,
     * then holds up no other: `publish` is called again before it has returned, for lanes and keys that it has reported.
     * @defaultValue a topic is one lane
     */
    readonly laneOf?: (message: Message) => string | undefined;
  }) {
    this.#encoder = eventEncoder(parts.codec);
    this.#wireFormat = parts.wireFormat;
    this.#options = parts.options;
    this.#system = parts.system ?? parts.wireFormat.headerNaming;
    this.#buffer = new SendBuffer(parts.options);
    setMaxListeners(0, this.#abandoned.signal); // one for each send that waits for its codec
    const { maxBatchSize, deliveryTimeoutMs } = parts.options;
    this.#queues = new SendQueues({
      maxBatchSize,
      deliveryTimeoutMs,
      publish: (messages, abortSignal, report) => this.publish(messages, abortSignal, report),
      ...(parts.laneOf && { laneOf: parts.laneOf }),
    });
  }

  // #region port
  /**
   * Writes messages of one topic to the broker, in order, and returns an outcome for each. Throws when none was written. A
   * message that failed with `retryable: true` is sent again: never set it when the message may have been written. Once a
   * message has failed, for whatever reason, later ones of its key must not be written: return `{ notAttempted: true }` for
   * them (`FailedKeys` remembers the keys), or the same error where it fails them too. A message that failed with an
   * `OutcomeUnknownError` is given again as the same object, by which a bus may know it. With `laneOf`, call `report` for the
   * messages of each lane, by place, as soon as their outcomes are known.
   */
  protected abstract publish(
    messages: readonly Message[],
    abortSignal: AbortSignal,
    report: (place: number, outcome: PublishOutcome) => void,
  ): Promise<readonly PublishOutcome[]>;

  /** Closes every connection of this producer. Called once, after the last publish. */
  protected abstract release(): Promise<void>;
  // #endregion port

  send<F extends PayloadFields>(event: OutgoingEvent<F>): Promise<SendReceipt> {
    try {
      const data = checkData(event.signal, event.data) as unknown as typeof event.data;
      return this.offer({ ...event, data });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  offer<F extends PayloadFields>(event: OutgoingEvent<F>): Promise<SendReceipt> {
    this.#mustBeOpen();
    const outgoing = event as unknown as OutgoingEvent;
    const encoder = this.#encoder.bind(outgoing.signal);
    if (!(encoder instanceof Promise)) return this.#enqueueEncoded(encoder.encode(outgoing));
    assertSendable(event.signal.eventType, event);
    return this.#offerWhenBound(encoder, outgoing);
  }

  publishEncoded(batch: readonly EncodedEvent[], options?: PublishOptions) {
    return this.#publishCall(batch, options, (event, place, call) =>
      this.#enqueueEncoded(event, place, call),
    );
  }

  publishMessages(batch: readonly Message[], options?: PublishOptions) {
    return this.#publishCall(batch, options, (message, place, call) => {
      const item = { eventId: '', topic: message.topic, key: keyOf(message), place };
      const bare = { ...item, system: this.#system, eventType: '', trace: null };
      return this.#enqueue(bare, messageBytes(message), () => message, call);
    });
  }

  async flush(): Promise<void> {
    if (this.#offering.size > 0) await Promise.allSettled(this.#offering);
    await this.#queues.flush();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  health(): Health {
    const isOpen = this.#closing === undefined;
    const reasons = [...this.#queues.reasons, ...(isOpen ? [] : ['the producer is closed'])];
    return { live: isOpen, ready: reasons.length === 0, reasons };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    await waitAtMost(this.#options.closeTimeoutMs, this.flush());
    this.#abandoned.abort();
    this.#queues.abort();
    await waitAtMost(abortGraceMs, this.#queues.flush());
    this.#queues.abandon();
    await this.#queues.flush();
    await this.release();
  }

  /** Holds a place in the buffer until the codec is ready, and keeps the order of sends: nothing may come between. */
  #offerWhenBound(bound: Promise<SignalEncoder>, event: OutgoingEvent): Promise<SendReceipt> {
    const { signal, topic } = event;
    this.#buffer.reserve(topic, 0); // its size is not known yet
    const { signal: abandoned } = this.#abandoned;
    const enqueued = bound.then(
      (encoder) => {
        this.#buffer.free(0);
        if (abandoned.aborted) return undefined;
        return { receipt: this.#enqueueEncoded(encoder.encode(event)) };
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
    return unlessAborted(abandoned, enqueued).then((sent) => {
      if (sent !== undefined) return sent.receipt;
      throw new ProduceFailedError(topic, 'the producer was closed first', { retryable: true });
    });
  }

  /** Every item is added to its queue before this returns. */
  async #publishCall<T>(
    batch: readonly T[],
    options: PublishOptions = {},
    enqueue: (item: T, place: number, call: PublishCall) => Promise<SendReceipt>,
  ): Promise<readonly PromiseSettledResult<SendReceipt>[]> {
    const call = new PublishCall(options);
    const sends = batch.map(async (item, place) => {
      this.#mustBeOpen();
      return enqueue(item, place, call);
    });
    return call.settled(sends, () => this.#queues.failStopped());
  }

  #enqueueEncoded(event: EncodedEvent, place = 0, call?: PublishCall): Promise<SendReceipt> {
    const topic = fullTopicName(event.topic, this.#options.topicPrefix);
    const { eventType, id: eventId, trace } = event.metadata;
    const bytes = event.record.byteLength + event.key.bytes.byteLength;
    const item = { system: this.#system, eventType, eventId, topic, trace, key: event.key.text, place };
    return this.#enqueue(item, bytes, (sent) => this.#wireFormat.frame(withTrace(event, sent), topic), call);
  }

  #enqueue(
    item: CallItem & SentEventFacts,
    bytes: number,
    message: (trace: TraceContext | null) => Message | Promise<Message>,
    call?: PublishCall,
  ): Promise<SendReceipt> {
    const { eventId, topic, key } = item;
    try {
      this.#mustAccept(item, bytes, call);
    } catch (error) {
      call?.noteFailure(item, error);
      throw error;
    }
    const report = new SendReport(item);
    return new Promise((resolve, reject) => {
      this.#queues.of(topic).add({
        message: () => message(report.trace),
        key,
        deliveryTimeoutMs: call?.deliveryTimeoutMs,
        stopped: call === undefined ? undefined : () => call.stopped(item),
        accepted: (position) => {
          this.#buffer.free(bytes);
          report.accepted(position);
          resolve({ eventId, topic, position });
        },
        failed: (error) => {
          this.#buffer.free(bytes);
          call?.noteFailure(item, error);
          report.failed(error, call === undefined);
          reject(error);
        },
      });
    });
  }

  /** Reserves room for an item in the buffer, unless its call has stopped it or its topic is none for events. */
  #mustAccept(item: CallItem & SentEventFacts, bytes: number, call: PublishCall | undefined): void {
    if (call !== undefined) assertPublishable(item.topic, this.#options.topicPrefix);
    const stopped = call?.stopped(item);
    if (stopped !== undefined) throw stopped;
    this.#buffer.reserve(item.topic, bytes);
  }

  #mustBeOpen(): void {
    if (this.#closing !== undefined) throw new IllegalStateError('send', 'closed');
  }
}

/** The event with the trace context that goes into its headers. */
function withTrace(event: EncodedEvent, trace: TraceContext | null): EncodedEvent {
  if (trace === event.metadata.trace) return event;
  return { ...event, metadata: freezeMetadata({ ...event.metadata, trace }) };
}

const notEncoded = 'an event was not sent: its codec, or the schema registry, refuses its schema';

/** Time for a bus to end its request after the abort, in milliseconds. */
const abortGraceMs = 1_000;
