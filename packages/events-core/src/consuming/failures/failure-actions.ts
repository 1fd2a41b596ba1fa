import { reasonOf } from '../../errors/events-error.js';
import { ReceiversFailedError } from '../../errors/receiver-errors.js';
import { UnusableMessageError } from '../../errors/wire-errors.js';
import { runtime } from '../../runtime/runtime.js';
import { failureCode, failureMessage, toDeadLetter } from '../../wire/dead-letter.js';
import type { HeaderNaming } from '../../wire/headers.js';
import type { Message } from '../../wire/message.js';
import { namedEventType } from '../../wire/named-event-type.js';
import type { RunningSteps } from '../progress/running-steps.js';
import type { ResolvedConsumerOptions } from '../types/consumer-options.js';
import type { Handling } from '../types/handling.js';
import type { Outcome } from '../types/outcome.js';
import type { Availability } from './availability.js';
import type { FailedEvent } from './failed-event.js';
import { storeDeadLetter } from './store-dead-letter.js';

export interface FailureActionsOptions {
  readonly system: string;
  readonly headerNaming: HeaderNaming;
  readonly options: Pick<ResolvedConsumerOptions, 'groupId' | 'unknownType' | 'onFailure'>;
  readonly availability: Availability;
  readonly running: RunningSteps;
  readonly publishDeadLetter: (message: Message) => Promise<void>;
}

/** Carries out what the options demand for a delivery that was not handled: skip, drop, dead-letter, or stop the consumer. */
export class FailureActions {
  readonly #parts: FailureActionsOptions;
  readonly #unknownTypes = new Set<string>();

  constructor(parts: FailureActionsOptions) {
    this.#parts = parts;
  }

  /** Applies `onFailure`. @throws the error of the event, with `'stop'` */
  apply(handling: Handling, failed: FailedEvent): Outcome | Promise<Outcome> {
    if (failed.onFailure === 'stop') throw failed.error;
    if (failed.onFailure === 'dead-letter') return this.deadLetter(handling, failed);
    const { logger, telemetry } = runtime();
    const code = failureCode(causeOf(failed.error));
    const about = this.#factsOf(handling);
    telemetry.record({
      type: 'event.dropped',
      ...about,
      code,
      receiver: null,
      durationMs: durationMsOf(handling),
    });
    const { topic, groupId } = about;
    const facts = { err: failed.error, topic, groupId, position: handling.delivery.position };
    logger.error(facts, "an event was dropped (onFailure: 'drop'); with 'dead-letter' it would be kept");
    return 'dropped';
  }

  /** Applies `onFailure` to an event that failed before its receivers ran. @throws its error, with `'stop'` */
  applyAtOnce(handling: Handling, error: unknown): Outcome | Promise<Outcome> {
    return this.apply(handling, this.#failedAtOnce(error));
  }

  /** Dead-letters an event that failed before its receivers ran, whatever `onFailure` is. */
  deadLetterAtOnce(handling: Handling, error: unknown): Promise<Outcome> {
    return this.deadLetter(handling, this.#failedAtOnce(error));
  }

  /** Applies `unknownType`. @throws UnusableMessageError with `'stop'` */
  onUnknownType(handling: Handling, type: string): Outcome | Promise<Outcome> {
    const { unknownType } = this.#parts.options;
    const eventType = type.length > MAX_TYPE_LENGTH ? `${type.slice(0, MAX_TYPE_LENGTH)}…` : type;
    if (unknownType === 'skip') {
      this.#warnOfUnknownType(eventType, handling.delivery.message.topic);
      return this.skip(handling, 'unknown-type');
    }
    const reason = `no signal is loaded for event type ${eventType}: import the module that defines it`;
    const error = new UnusableMessageError(reason);
    if (unknownType === 'stop') throw error;
    return this.deadLetterAtOnce(handling, error);
  }

  skip(handling: Handling, reason: 'tombstone' | 'unknown-type' | 'other-group'): Outcome {
    runtime().telemetry.record({ type: 'event.skipped', ...this.#factsOf(handling), reason });
    return 'skipped';
  }

  /** Resolves when the dead letter is written. Until then the lane waits. */
  async deadLetter(handling: Handling, failed: FailedEvent): Promise<Outcome> {
    const { publishDeadLetter, availability, running } = this.#parts;
    const { delivery, context } = handling;
    const { message, position, lane } = delivery;
    const about = this.#factsOf(handling);
    const { topic, groupId } = about;
    const cause = causeOf(failed.error);
    const code = failureCode(cause);
    const deadLetter = toDeadLetter(message, {
      code,
      message: failureMessage(cause),
      attempts: failed.attempts,
      firstFailure: failed.firstFailure,
      lastFailure: now(),
      source: `${topic}@${position}`,
      groupId,
    });
    const stored = await running.during(delivery, { stage: 'dead-letter' }, () =>
      availability.retry(lane, context, () => storeDeadLetter(deadLetter, publishDeadLetter), message),
    );
    const { logger, telemetry } = runtime();
    telemetry.record({ type: 'event.dead-lettered', ...about, code, durationMs: durationMsOf(handling) });
    const deadLetterTopic = deadLetter.topic;
    const facts = { code, reason: reasonOf(cause), topic, groupId, position, deadLetterTopic };
    logger.error(facts, stored === deadLetter ? DEAD_LETTERED : DEAD_LETTERED_WITHOUT_VALUE);
    return 'dead-lettered';
  }

  #factsOf({ delivery: { message } }: Handling) {
    const { system, headerNaming, options } = this.#parts;
    const eventType = namedEventType(message.headers, headerNaming);
    return { system, eventType, topic: message.topic, groupId: options.groupId };
  }

  #failedAtOnce(error: unknown): FailedEvent {
    return { error, attempts: 1, firstFailure: now(), onFailure: this.#parts.options.onFailure };
  }

  #warnOfUnknownType(eventType: string, topic: string): void {
    if (this.#unknownTypes.size >= MAX_UNKNOWN_TYPES || this.#unknownTypes.has(eventType)) return;
    this.#unknownTypes.add(eventType);
    const { groupId } = this.#parts.options;
    runtime().logger.warn(
      { eventType, topic, groupId },
      'events of a type that is not loaded here are skipped (logged once per type, for the first 1,000 types)',
    );
  }
}

const DEAD_LETTERED = 'an event was dead-lettered; fix the cause, then run openedx-events dlq redrive';
const DEAD_LETTERED_WITHOUT_VALUE =
  'an event was dead-lettered without its value, which is too large for the dead-letter topic; fix the cause, then run ' +
  'openedx-events dlq redrive, which reads the value from the source: before the retention of that topic deletes it';

/** Event types come from other services: what is kept and logged of them is bounded. */
const MAX_UNKNOWN_TYPES = 1_000;
const MAX_TYPE_LENGTH = 200;

/** With one failing receiver, its own error explains more than the summary. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof ReceiversFailedError) || error.receivers.length !== 1) return error;
  return (error.cause as AggregateError).errors[0];
}

function durationMsOf({ startedAt }: Handling): number {
  return runtime().clock.monotonic() - startedAt;
}

function now(): Date {
  return new Date(runtime().clock.now());
}
