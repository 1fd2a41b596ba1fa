import { ReceiversFailedError, reasonOf, UnusableMessageError } from '../errors.js';
import type { EventsMetadata } from '../metadata/events-metadata.js';
import { decodeHeaders } from '../metadata/headers.js';
import { backoffMs } from '../runtime/backoff.js';
import { settings } from '../runtime/settings.js';
import { findSignal } from '../signals/registry.js';
import type { OpenEdxPublicSignal, ReceiverResult } from '../signals/signal.js';
import type { BoundCodec, EventCodec } from '../wire/codec.js';
import type { Message } from '../wire/message.js';
import type { WireFormat } from '../wire/wire-format.js';
import { Abandoned, type Availability } from './availability.js';
import type { ResolvedConsumerOptions } from './consumer-options.js';
import { failureCode, failureMessage, toDeadLetter } from './dead-letter.js';
import type { Delivery } from './delivery.js';
import { classifyFailure } from './failure-class.js';

/** What became of a delivery. All but `abandoned` are acknowledged. */
export type Outcome = 'handled' | 'skipped' | 'dead-lettered' | 'dropped' | 'abandoned';

/** What the handler needs of its surroundings. */
export interface HandlerContext {
  readonly options: Pick<
    ResolvedConsumerOptions,
    'groupId' | 'initialBackoffMs' | 'maxAttempts' | 'maxBackoffMs' | 'onFailure' | 'unknownType'
  >;
  readonly codec: EventCodec;
  readonly wireFormat: WireFormat;
  readonly publishDeadLetter: (message: Message) => Promise<void>;
  readonly availability: Availability;
  /** Fires when the consumer stops: waits between tries end. */
  readonly stopSignal: AbortSignal;
}

/**
 * What happens to every delivery, on every bus: identify, decode, dispatch, decide. Acknowledging is the caller's.
 * Rejects only to stop the consumer (`'stop'` policies); the delivery is then left as it is.
 */
export class DeliveryHandler {
  readonly #context: HandlerContext;
  readonly #bindings = new Map<OpenEdxPublicSignal, BoundCodec>();
  readonly #unknownTypes = new Set<string>();

  constructor(context: HandlerContext) {
    this.#context = context;
  }

  async handle(delivery: Delivery, abortSignal: AbortSignal): Promise<Outcome> {
    const { clock, telemetry } = settings();
    const startedAt = clock.monotonic();
    const { topic, value } = delivery.message;
    const { groupId } = this.#context.options;
    if (value === null) {
      telemetry.record({ type: 'event.skipped', topic, groupId, reason: 'tombstone' });
      return 'skipped';
    }
    const event = await this.#decode(delivery, abortSignal);
    if (typeof event === 'string') return event;
    const outcome = await this.#deliver(event, delivery, abortSignal);
    if (outcome.result === 'handled') {
      const { eventType, time } = event.metadata;
      const ageMs = event.metadata.defaulted.includes('time') ? null : clock.now() - time.toDate().getTime();
      const durationMs = clock.monotonic() - startedAt;
      telemetry.record({
        type: 'event.handled',
        eventType,
        topic,
        groupId,
        attempts: outcome.attempts,
        durationMs,
        ageMs,
      });
    }
    return outcome.result;
  }

  async #decode(delivery: Delivery, abortSignal: AbortSignal): Promise<ReceivedEvent | Outcome> {
    try {
      return await this.#context.availability.until(delivery.lane, abortSignal, () =>
        this.#identify(delivery),
      );
    } catch (error) {
      if (error instanceof Abandoned) return 'abandoned';
      if (error instanceof UnknownType) return this.#unknownType(error, delivery, abortSignal);
      return this.#giveUp(delivery, { error, attempts: 1, firstFailure: now() }, abortSignal);
    }
  }

  async #identify(delivery: Delivery): Promise<ReceivedEvent> {
    const { wireFormat, options } = this.#context;
    const { message } = delivery;
    const metadata = decodeHeaders(message.headers, wireFormat.headerNaming);
    const signal = findSignal(metadata.eventType);
    if (signal === undefined) throw new UnknownType(metadata.eventType);
    const unframed = wireFormat.unframe(message);
    const { record, writer } = unframed instanceof Promise ? await unframed : unframed;
    const codec = this.#bindings.get(signal) ?? (await this.#bind(signal));
    if (writer === null) {
      const { topic } = message;
      settings().telemetry.record({
        type: 'event.unverified',
        eventType: signal.eventType,
        topic,
        groupId: options.groupId,
      });
    }
    return { signal, metadata, data: codec.decode(record, writer) as ReceivedEvent['data'] };
  }

  async #bind(signal: OpenEdxPublicSignal): Promise<BoundCodec> {
    const codec = await this.#context.codec.bind(signal);
    this.#bindings.set(signal, codec);
    return codec;
  }

  async #unknownType(
    { eventType }: UnknownType,
    delivery: Delivery,
    abortSignal: AbortSignal,
  ): Promise<Outcome> {
    const { unknownType, groupId } = this.#context.options;
    const { topic } = delivery.message;
    const { logger, telemetry } = settings();
    if (unknownType !== 'skip') {
      const error = new UnusableMessageError(
        `no signal is loaded for event type ${eventType}: import the module that defines it`,
      );
      if (unknownType === 'stop') throw error;
      return this.#deadLetter(delivery, { error, attempts: 1, firstFailure: now() }, abortSignal);
    }
    telemetry.record({ type: 'event.skipped', topic, groupId, reason: 'unknown-type' });
    if (this.#unknownTypes.size < 1_000 && !this.#unknownTypes.has(eventType)) {
      this.#unknownTypes.add(eventType);
      logger.warn(
        { eventType, topic, groupId },
        'events of a type that is not loaded here are skipped; this is said once a type',
      );
    }
    return 'skipped';
  }

  /** Runs the receivers, then again those that failed, until all succeeded or their tries are used up. */
  async #deliver(
    event: ReceivedEvent,
    delivery: Delivery,
    abortSignal: AbortSignal,
  ): Promise<{ readonly result: Outcome; readonly attempts: number }> {
    const { maxAttempts, groupId } = this.#context.options;
    let receivers: ReadonlySet<string> | undefined;
    let attempts = 0;
    let firstFailure: Date | undefined;
    for (;;) {
      attempts += 1;
      const failures = await this.#tryReceivers(event, delivery, attempts, receivers, abortSignal);
      if (failures === 'abandoned') return { result: 'abandoned', attempts };
      if (failures.length === 0) return { result: 'handled', attempts };
      firstFailure ??= now();
      receivers = new Set(failures.map(({ receiver }) => receiver));
      const { eventType } = event.metadata;
      const error = new ReceiversFailedError(eventType, failures);
      if (attempts >= maxAttempts) {
        return {
          result: await this.#giveUp(delivery, { error, attempts, firstFailure }, abortSignal),
          attempts,
        };
      }
      const { topic } = delivery.message;
      settings().telemetry.record({
        type: 'event.retried',
        eventType,
        topic,
        groupId,
        attempt: attempts,
        error,
      });
      if (await this.#pause(attempts, abortSignal)) return { result: 'abandoned', attempts };
    }
  }

  /** One try. Receivers that need something that is down are tried on until it is back; that costs no attempt. */
  async #tryReceivers(
    event: ReceivedEvent,
    delivery: Delivery,
    attempt: number,
    receivers: ReadonlySet<string> | undefined,
    abortSignal: AbortSignal,
  ): Promise<readonly Failure[] | 'abandoned'> {
    const failures: Failure[] = [];
    let remaining = receivers;
    try {
      await this.#context.availability.until(delivery.lane, abortSignal, async () => {
        const failed = await this.#runReceivers(event, delivery, attempt, remaining, abortSignal);
        const blocked = failed.filter(({ reason }) => classifyFailure(reason) === 'infrastructure');
        failures.push(...failed.filter((failure) => !blocked.includes(failure)));
        remaining = new Set(blocked.map(({ receiver }) => receiver));
        if (blocked[0] !== undefined) throw blocked[0].reason;
      });
    } catch (error) {
      if (error instanceof Abandoned) return 'abandoned';
      throw error;
    }
    return failures;
  }

  async #runReceivers(
    { signal, data, metadata }: ReceivedEvent,
    { message: { topic }, position }: Delivery,
    attempt: number,
    receivers: ReadonlySet<string> | undefined,
    abortSignal: AbortSignal,
  ): Promise<readonly Failure[]> {
    const { groupId } = this.#context.options;
    const { eventType, id: eventId, trace } = metadata;
    const results = await settings().telemetry.process(
      { eventType, eventId, topic, groupId, position, attempt, trace },
      () =>
        signal.sendEventWithMetadata(metadata, data, {
          isChecked: true,
          loud: false,
          delivery: { topic, groupId, position, attempt, abortSignal },
          ...(receivers === undefined ? {} : { receivers }),
        }),
    );
    return (await Promise.all(results.map(settled))).filter((failure) => failure !== undefined);
  }

  #giveUp(delivery: Delivery, failure: FailureFacts, abortSignal: AbortSignal): Promise<Outcome> {
    const { onFailure, groupId } = this.#context.options;
    if (onFailure === 'stop') throw failure.error;
    if (onFailure === 'dead-letter') return this.#deadLetter(delivery, failure, abortSignal);
    const { topic } = delivery.message;
    const code = failureCode(failure.error);
    const { logger, telemetry } = settings();
    telemetry.record({ type: 'event.dropped', topic, groupId, code });
    logger.error(
      { err: failure.error, topic, groupId, position: delivery.position },
      'an event was dropped, as onFailure says',
    );
    return Promise.resolve('dropped');
  }

  /** The delivery counts as done only once its dead letter is written; until then this lane waits. */
  async #deadLetter(delivery: Delivery, failure: FailureFacts, abortSignal: AbortSignal): Promise<Outcome> {
    const { publishDeadLetter, availability, options } = this.#context;
    const { message, position, lane } = delivery;
    const { groupId } = options;
    const cause = causeOf(failure.error);
    const code = failureCode(cause);
    const letter = toDeadLetter(message, {
      code,
      message: failureMessage(cause),
      attempts: failure.attempts,
      firstFailure: failure.firstFailure,
      lastFailure: now(),
      source: `${message.topic}@${position}`,
      groupId,
    });
    try {
      await availability.until(lane, abortSignal, () => publishDeadLetter(letter));
    } catch (error) {
      if (error instanceof Abandoned) return 'abandoned';
      throw error;
    }
    const { logger, telemetry } = settings();
    telemetry.record({ type: 'event.dead-lettered', topic: message.topic, groupId, code });
    logger.error(
      {
        code,
        reason: reasonOf(cause),
        topic: message.topic,
        groupId,
        position,
        deadLetterTopic: letter.topic,
      },
      'an event was dead-lettered',
    );
    return 'dead-lettered';
  }

  /** Waits before the next try; true when there will be none because of a stop or abort. */
  async #pause(failedTries: number, abortSignal: AbortSignal): Promise<boolean> {
    const { options, stopSignal } = this.#context;
    const { clock, random } = settings();
    const backoff = { initialMs: options.initialBackoffMs, maxMs: options.maxBackoffMs };
    const waitSignal = AbortSignal.any([abortSignal, stopSignal]);
    await clock.sleep(backoffMs(failedTries, backoff, random), waitSignal);
    return waitSignal.aborted;
  }
}

interface ReceivedEvent {
  readonly signal: OpenEdxPublicSignal;
  readonly metadata: EventsMetadata;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Failure {
  readonly receiver: string;
  readonly reason: unknown;
}

interface FailureFacts {
  readonly error: unknown;
  readonly attempts: number;
  readonly firstFailure: Date;
}

/** Found no signal; not an error of the event. */
class UnknownType extends Error {
  readonly eventType: string;

  constructor(eventType: string) {
    super(eventType);
    this.eventType = eventType;
  }
}

/** A receiver that only took the event has handled it when its receipt arrives, and not before. */
async function settled(result: ReceiverResult): Promise<Failure | undefined> {
  if (result.status === 'fulfilled') return undefined;
  if (result.status === 'rejected') return result;
  try {
    await result.receipt;
    return undefined;
  } catch (reason) {
    return { receiver: result.receiver, reason };
  }
}

/** With one failing receiver, its own error says more than the summary. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof ReceiversFailedError) || error.receivers.length !== 1) return error;
  return (error.cause as AggregateError).errors[0];
}

function now(): Date {
  return new Date(settings().clock.now());
}
