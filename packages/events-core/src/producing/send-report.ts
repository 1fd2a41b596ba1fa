import { ProduceFailedError } from '../errors/bus-errors.js';
import { runtime } from '../runtime/runtime.js';
import type { SentEventFacts, SentEventObserver } from '../runtime/telemetry.js';
import type { TraceContext } from '../runtime/trace-context.js';

/** Records and logs what became of a send. */
export class SendReport {
  readonly #event: SentEventFacts;
  readonly #observer: SentEventObserver | undefined;
  readonly #startedAt: number;

  /** @param event without type and id where it is a bare message, which keeps the trace context of its headers */
  constructor(event: SentEventFacts) {
    const { clock, telemetry } = runtime();
    this.#event = event;
    this.#startedAt = clock.monotonic();
    this.#observer = event.eventType === '' ? undefined : telemetry.send?.(event);
  }

  /** What goes into the headers. */
  get trace(): TraceContext | null {
    return this.#observer?.trace ?? this.#event.trace;
  }

  accepted(position: string): void {
    const { system, eventType, topic } = this.#event;
    const durationMs = this.#durationMs();
    this.#observer?.accepted(position);
    runtime().telemetry.record({ type: 'event.published', system, eventType, topic, durationMs });
  }

  /** @param isLogged `false` where the event is part of a call that logs its failures together */
  failed(error: unknown, isLogged: boolean): void {
    const { telemetry, logger } = runtime();
    const { system, eventType, topic, eventId } = this.#event;
    const durationMs = this.#durationMs();
    this.#observer?.failed(error);
    telemetry.record({ type: 'event.publish-failed', system, eventType, topic, durationMs, error });
    const isUnknown = error instanceof ProduceFailedError && error.outcome === 'unknown';
    if (isLogged)
      logger.error({ err: error, eventType, eventId, topic }, isUnknown ? maybeAccepted : notAccepted);
  }

  #durationMs(): number {
    return runtime().clock.monotonic() - this.#startedAt;
  }
}

const notAccepted = 'the broker did not accept an event; it is lost unless its sender sends it again';
const maybeAccepted =
  'the broker may have accepted an event, but did not answer; sent again it may come twice, so look for it by its id first';
