import { reasonOf } from '../../errors/events-error.js';
import { CrashingEventError, ReceiversFailedError } from '../../errors/receiver-errors.js';
import { UnusableMessageError } from '../../errors/wire-errors.js';
import { andThen } from '../../runtime/and-then.js';
import { runtime } from '../../runtime/runtime.js';
import type { EventCodec } from '../../wire/codec.js';
import { failureCode, failureMessage, toDeadLetter } from '../../wire/dead-letter.js';
import type { Message } from '../../wire/message.js';
import type { WireFormat } from '../../wire/wire-format.js';
import type { ResolvedConsumerOptions } from '../contract/consumer-options.js';
import type { Delivery } from '../contract/delivery.js';
import type { Turn } from '../contract/handling-context.js';
import { Abandoned, type Availability } from '../failures/availability.js';
import type { Deadlines } from './deadlines.js';
import { EventDecoder, UnknownEventType } from './event-decoder.js';
import type { FailedEvent, ReceivedEvent } from './received-event.js';
import { ReceiverRunner } from './retrying-dispatcher.js';

/** What became of a delivery. All but `abandoned` are acknowledged. */
export type Outcome = 'handled' | 'skipped' | 'dead-lettered' | 'dropped' | 'abandoned';

export interface DeliveryHandlerOptions {
  readonly options: ResolvedConsumerOptions;
  readonly codec: EventCodec;
  readonly wireFormat: WireFormat;
  readonly availability: Availability;
  readonly deadlines: Deadlines;
  readonly publishDeadLetter: (message: Message) => Promise<void>;
}

/**
 * What happens to every delivery, on every bus: identify and decode (`EventDecoder`), dispatch (`ReceiverRunner`),
 * decide. Acknowledging is the caller's.
 */
export class DeliveryHandler {
  readonly #parts: DeliveryHandlerOptions;
  readonly #decoder: EventDecoder;
  readonly #runner: ReceiverRunner;
  readonly #unknownTypes = new Set<string>();

  constructor(parts: DeliveryHandlerOptions) {
    this.#parts = parts;
    this.#decoder = new EventDecoder({ ...parts, groupId: parts.options.groupId });
    this.#runner = new ReceiverRunner(parts);
  }

  /** Rejects only to stop the consumer (`'stop'` policies); the delivery is then left as it is. */
  handle(delivery: Delivery, turn: Turn): Outcome | Promise<Outcome> {
    try {
      const outcome = this.#handle(delivery, turn);
      return outcome instanceof Promise ? outcome.catch(abandonedOrThrow) : outcome;
    } catch (error) {
      return abandonedOrThrow(error);
    }
  }

  #handle(delivery: Delivery, turn: Turn): Outcome | Promise<Outcome> {
    const { message, lane } = delivery;
    const startedAt = runtime().clock.monotonic();
    if (message.value === null) return this.#skip(delivery, 'tombstone');
    if (turn.isSuspect) {
      const error = new CrashingEventError(delivery.deliveryCount);
      return this.#deadLetter(delivery, this.#failedAtOnce(error), turn);
    }
    const run = (event: ReceivedEvent) => this.#run(event, delivery, turn, startedAt);
    const decoded = this.#parts.availability.until(lane, turn, () => this.#decoder.decode(message));
    if (!(decoded instanceof Promise)) return run(decoded);
    return decoded.then(run, (error) => this.#undecoded(error, delivery, turn));
  }

  #run(event: ReceivedEvent, delivery: Delivery, turn: Turn, startedAt: number): Outcome | Promise<Outcome> {
    return andThen(this.#runner.run(event, delivery, turn), (outcome) => {
      if ('failed' in outcome) return this.#giveUp(delivery, outcome.failed, turn);
      this.#tellHandled(event, delivery, outcome.attempts, startedAt);
      if (this.#parts.options.auditLog) this.#audit(event, delivery, outcome.attempts);
      return 'handled';
    });
  }

  #undecoded(error: unknown, delivery: Delivery, turn: Turn): Outcome | Promise<Outcome> {
    if (error instanceof Abandoned) throw error;
    if (error instanceof UnknownEventType) return this.#unknownType(error.eventType, delivery, turn);
    return this.#giveUp(delivery, this.#failedAtOnce(error), turn);
  }

  #unknownType(type: string, delivery: Delivery, turn: Turn): Outcome | Promise<Outcome> {
    const { unknownType, groupId } = this.#parts.options;
    const eventType = type.length > 200 ? `${type.slice(0, 200)}…` : type; // it is kept and logged, and anybody's
    if (unknownType === 'skip') {
      if (this.#unknownTypes.size < 1_000 && !this.#unknownTypes.has(eventType)) {
        this.#unknownTypes.add(eventType);
        const facts = { eventType, topic: delivery.message.topic, groupId };
        runtime().logger.warn(
          facts,
          'events of a type that is not loaded here are skipped (said once a type)',
        );
      }
      return this.#skip(delivery, 'unknown-type');
    }
    const reason = `no signal is loaded for event type ${eventType}: import the module that defines it`;
    const error = new UnusableMessageError(reason);
    if (unknownType === 'stop') throw error;
    return this.#deadLetter(delivery, this.#failedAtOnce(error), turn);
  }

  #failedAtOnce(error: unknown): FailedEvent {
    return { error, attempts: 1, firstFailure: now(), onFailure: this.#parts.options.onFailure };
  }

  #skip({ message: { topic } }: Delivery, reason: 'tombstone' | 'unknown-type'): Outcome {
    const { groupId } = this.#parts.options;
    runtime().telemetry.record({ type: 'event.skipped', topic, groupId, reason });
    return 'skipped';
  }

  #giveUp(delivery: Delivery, failed: FailedEvent, turn: Turn): Outcome | Promise<Outcome> {
    const { groupId } = this.#parts.options;
    if (failed.onFailure === 'stop') throw failed.error;
    if (failed.onFailure === 'dead-letter') return this.#deadLetter(delivery, failed, turn);
    const { topic } = delivery.message;
    const { logger, telemetry } = runtime();
    const code = failureCode(causeOf(failed.error));
    telemetry.record({ type: 'event.dropped', topic, groupId, code });
    const facts = { err: failed.error, topic, groupId, position: delivery.position };
    logger.error(facts, 'an event was dropped, as onFailure says');
    return 'dropped';
  }

  /** The delivery counts as done only once its dead letter is written; until then this lane waits. */
  async #deadLetter(delivery: Delivery, failed: FailedEvent, turn: Turn): Promise<Outcome> {
    const { publishDeadLetter, availability, options } = this.#parts;
    const { message, position, lane } = delivery;
    const { groupId } = options;
    const { topic } = message;
    const cause = causeOf(failed.error);
    const code = failureCode(cause);
    const letter = toDeadLetter(message, {
      code,
      message: failureMessage(cause),
      attempts: failed.attempts,
      firstFailure: failed.firstFailure,
      lastFailure: now(),
      source: `${topic}@${position}`,
      groupId,
    });
    await availability.until(lane, turn, () => publishDeadLetter(letter));
    const { logger, telemetry } = runtime();
    telemetry.record({ type: 'event.dead-lettered', topic, groupId, code });
    const facts = { code, reason: reasonOf(cause), topic, groupId, position, deadLetterTopic: letter.topic };
    logger.error(facts, 'an event was dead-lettered');
    return 'dead-lettered';
  }

  #audit({ metadata }: ReceivedEvent, { message: { topic }, position }: Delivery, attempts: number): void {
    const { groupId } = this.#parts.options;
    const { eventType, id: eventId } = metadata;
    runtime().logger.info({ eventType, eventId, topic, groupId, position, attempts }, 'an event was handled');
  }

  #tellHandled(
    { metadata }: ReceivedEvent,
    { message: { topic } }: Delivery,
    attempts: number,
    startedAt: number,
  ): void {
    const { clock, telemetry } = runtime();
    const { groupId } = this.#parts.options;
    telemetry.record({
      type: 'event.handled',
      eventType: metadata.eventType,
      topic,
      groupId,
      attempts,
      durationMs: clock.monotonic() - startedAt,
      sentAt: metadata.defaulted.includes('time') ? null : metadata.time,
    });
  }
}

function abandonedOrThrow(error: unknown): Outcome {
  if (error instanceof Abandoned) return 'abandoned';
  throw error;
}

/** With one failing receiver, its own error says more than the summary. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof ReceiversFailedError) || error.receivers.length !== 1) return error;
  return (error.cause as AggregateError).errors[0];
}

function now(): Date {
  return new Date(runtime().clock.now());
}
