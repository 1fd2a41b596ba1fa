import { ProduceFailedError } from '../errors/bus-errors.js';
import { runtime } from '../runtime/runtime.js';

/** Which event was sent where. */
export interface SentEvent {
  /** Empty for a bare message. */
  readonly eventType: string;
  /** Empty for a bare message. */
  readonly eventId: string;
  /** With prefix. */
  readonly topic: string;
}

/** Records and logs what became of a send. */
export class SendReport {
  readonly #event: SentEvent;
  readonly #startedAt = runtime().clock.monotonic();

  constructor(event: SentEvent) {
    this.#event = event;
  }

  accepted(): void {
    const { clock, telemetry } = runtime();
    const { eventType, topic } = this.#event;
    const durationMs = clock.monotonic() - this.#startedAt;
    telemetry.record({ type: 'event.published', eventType, topic, durationMs });
  }

  /** @param isLogged `false` where the event is part of a call that logs its failures together */
  failed(error: unknown, isLogged: boolean): void {
    const { telemetry, logger } = runtime();
    const { eventType, topic, eventId } = this.#event;
    telemetry.record({ type: 'event.publish-failed', eventType, topic, error });
    const isUnknown = error instanceof ProduceFailedError && error.outcome === 'unknown';
    if (isLogged)
      logger.error({ err: error, eventType, eventId, topic }, isUnknown ? maybeAccepted : notAccepted);
  }
}

const notAccepted = 'the broker did not accept an event; it is lost unless its sender sends it again';
const maybeAccepted =
  'the broker may have accepted an event, but did not answer; sent again it may come twice, so look for it by its id first';
