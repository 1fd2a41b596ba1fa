import { CrashingEventError } from '../../errors/receiver-errors.js';
import { sentAt } from '../../metadata/sent-at.js';
import { runtime } from '../../runtime/runtime.js';
import type { EventCodec } from '../../wire/codec.js';
import type { WireFormat } from '../../wire/wire-format.js';
import { Abandoned } from '../failures/abandoned.js';
import type { Availability } from '../failures/availability.js';
import { FailureActions, type FailureActionsOptions } from '../failures/failure-actions.js';
import type { FailureStreak } from '../failures/failure-streak.js';
import type { RunningSteps } from '../progress/running-steps.js';
import type { ResolvedConsumerOptions } from '../types/consumer-options.js';
import type { Delivery } from '../types/delivery.js';
import type { Handling } from '../types/handling.js';
import type { HandlingContext } from '../types/handling-context.js';
import type { Outcome } from '../types/outcome.js';
import type { Deadlines } from './deadlines.js';
import { EventDecoder, UnknownEventType } from './event-decoder.js';
import type { ReceivedEvent } from './received-event.js';
import { RetryingDispatcher } from './retrying-dispatcher.js';

export interface DeliveryHandlerOptions {
  readonly options: ResolvedConsumerOptions;
  readonly system: string;
  readonly codec: EventCodec;
  readonly wireFormat: WireFormat;
  readonly availability: Availability;
  readonly deadlines: Deadlines;
  readonly running: RunningSteps;
  readonly streak: FailureStreak;
  readonly publishDeadLetter: FailureActionsOptions['publishDeadLetter'];
}

/**
 * Processes one delivery, on every bus in the same way: identifies and decodes it (`EventDecoder`), runs the receivers
 * (`RetryingDispatcher`), and decides what becomes of a failure (`FailureActions`). It does not acknowledge.
 */
export class DeliveryHandler {
  readonly #parts: DeliveryHandlerOptions;
  readonly #decoder: EventDecoder;
  readonly #dispatcher: RetryingDispatcher;
  readonly #failures: FailureActions;

  constructor(parts: DeliveryHandlerOptions) {
    this.#parts = parts;
    this.#decoder = new EventDecoder({ ...parts, groupId: parts.options.groupId });
    this.#dispatcher = new RetryingDispatcher(parts);
    this.#failures = new FailureActions({ ...parts, headerNaming: parts.wireFormat.headerNaming });
  }

  /**
   * Throws or rejects only with an error that must stop the consumer: of a `'stop'` policy, a `FatalReceiverError`, or a
   * dead letter that the broker refuses. The delivery is then not acknowledged.
   */
  async handle(delivery: Delivery, context: HandlingContext): Promise<Outcome> {
    try {
      const startedAt = runtime().clock.monotonic();
      const outcome = await this.#handle({ delivery, context, startedAt });
      this.#parts.streak.count(outcome);
      return outcome;
    } catch (error) {
      if (error instanceof Abandoned) return 'abandoned';
      throw error;
    }
  }

  async #handle(handling: Handling): Promise<Outcome> {
    const { delivery, context } = handling;
    if (delivery.unreadable !== undefined) return this.#failures.applyAtOnce(handling, delivery.unreadable);
    if (delivery.isOfOtherGroup) return this.#failures.skip(handling, 'other-group');
    if (delivery.message.value === null) return this.#failures.skip(handling, 'tombstone');
    if (context.isCrashing) {
      const error = new CrashingEventError(delivery.deliveryCount);
      return this.#failures.deadLetterAtOnce(handling, error);
    }
    let event: ReceivedEvent;
    try {
      event = await this.#decode(delivery, context);
    } catch (error) {
      return this.#onUndecoded(error, handling);
    }
    const outcome = await this.#dispatcher.dispatch(event, delivery, context);
    if ('failed' in outcome) return this.#failures.apply(handling, outcome.failed);
    this.#recordHandled(event, handling, outcome.attempts);
    if (this.#parts.options.auditLog) this.#audit(event, delivery, outcome.attempts);
    return 'handled';
  }

  #decode(delivery: Delivery, context: HandlingContext): Promise<ReceivedEvent> {
    const { availability, running } = this.#parts;
    const { lane, message } = delivery;
    return running.during(delivery, { stage: 'decode' }, () =>
      availability.retry(lane, context, () => this.#decoder.decode(message), message),
    );
  }

  #onUndecoded(error: unknown, handling: Handling): Outcome | Promise<Outcome> {
    if (error instanceof Abandoned) throw error;
    if (error instanceof UnknownEventType) return this.#failures.onUnknownType(handling, error.eventType);
    return this.#failures.applyAtOnce(handling, error);
  }

  #audit({ metadata }: ReceivedEvent, { message: { topic }, position }: Delivery, attempts: number): void {
    const { groupId } = this.#parts.options;
    const { eventType, id: eventId } = metadata;
    runtime().logger.info({ eventType, eventId, topic, groupId, position, attempts }, 'an event was handled');
  }

  #recordHandled({ metadata }: ReceivedEvent, { delivery, startedAt }: Handling, attempts: number): void {
    const { clock, telemetry } = runtime();
    const { system, options } = this.#parts;
    const { groupId } = options;
    telemetry.record({
      type: 'event.handled',
      system,
      eventType: metadata.eventType,
      topic: delivery.message.topic,
      groupId,
      attempts,
      durationMs: clock.monotonic() - startedAt,
      sentAt: sentAt(metadata),
    });
  }
}
