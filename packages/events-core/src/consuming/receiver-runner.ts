import { ReceiversFailedError } from '../errors/receiver-errors.js';
import { backoffMs } from '../runtime/backoff.js';
import { settings } from '../runtime/settings.js';
import type { ReceiverResult } from '../signals/signal.js';
import { Abandoned, type Availability } from './availability.js';
import type { ResolvedConsumerOptions } from './consumer-options.js';
import type { Delivery } from './delivery.js';
import { classifyFailure } from './failure-class.js';
import type { FailedEvent, ReceivedEvent } from './received-event.js';

export interface ReceiverRunnerOptions {
  readonly options: Pick<
    ResolvedConsumerOptions,
    'groupId' | 'initialBackoffMs' | 'maxAttempts' | 'maxBackoffMs'
  >;
  readonly availability: Availability;
  /** Fires when the consumer stops: waits between tries end. */
  readonly stopSignal: AbortSignal;
}

/** All receivers succeeded, after that many tries; or some never did. */
export type ReceiverOutcome = { readonly attempts: number } | { readonly failed: FailedEvent };

/**
 * Runs the receivers of an event, then again those that failed, until all have succeeded or the tries are used up.
 * A receiver that needs something that is down is tried on until it is back; that costs no attempt.
 */
export class ReceiverRunner {
  readonly #parts: ReceiverRunnerOptions;

  constructor(parts: ReceiverRunnerOptions) {
    this.#parts = parts;
  }

  /** @throws Abandoned when the consumer stops or the lane is taken away before it is over */
  async run(event: ReceivedEvent, delivery: Delivery, abortSignal: AbortSignal): Promise<ReceiverOutcome> {
    const { maxAttempts, groupId } = this.#parts.options;
    const { eventType } = event.metadata;
    const { topic } = delivery.message;
    let receivers: ReadonlySet<string> | undefined;
    let firstFailure: Date | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const failures = await this.#tryOnce(event, delivery, { attempt, receivers, abortSignal });
      if (failures.length === 0) return { attempts: attempt };
      const error = new ReceiversFailedError(eventType, failures);
      firstFailure ??= new Date(settings().clock.now());
      if (attempt >= maxAttempts) return { failed: { error, attempts: attempt, firstFailure } };
      receivers = new Set(failures.map(({ receiver }) => receiver));
      settings().telemetry.record({ type: 'event.retried', eventType, topic, groupId, attempt, error });
      await this.#pause(attempt, abortSignal);
    }
  }

  async #tryOnce(event: ReceivedEvent, delivery: Delivery, run: Run): Promise<readonly Failure[]> {
    let failed = await this.#runReceivers(event, delivery, run);
    if (failed.length === 0) return failed;
    const failures: Failure[] = [];
    let receivers: ReadonlySet<string> | undefined; // of those that wait for something that is down
    await this.#parts.availability.until(delivery.lane, run.abortSignal, async () => {
      if (receivers !== undefined) failed = await this.#runReceivers(event, delivery, { ...run, receivers });
      const blocked = failed.filter(({ reason }) => classifyFailure(reason) === 'infrastructure');
      failures.push(...failed.filter((failure) => !blocked.includes(failure)));
      receivers = new Set(blocked.map(({ receiver }) => receiver));
      if (blocked[0] !== undefined) throw blocked[0].reason;
    });
    return failures;
  }

  async #runReceivers(
    { signal, data, metadata }: ReceivedEvent,
    { message: { topic }, position }: Delivery,
    { attempt, receivers, abortSignal }: Run,
  ): Promise<readonly Failure[]> {
    const { groupId } = this.#parts.options;
    const { eventType, id: eventId, trace } = metadata;
    const facts = { eventType, eventId, topic, groupId, position, attempt, trace };
    const results = await settings().telemetry.process(facts, () =>
      signal.sendEventWithMetadata(metadata, data, {
        isChecked: true,
        loud: false,
        delivery: { topic, groupId, position, attempt, abortSignal },
        ...(receivers === undefined ? {} : { receivers }),
      }),
    );
    const failures: Failure[] = [];
    for (const result of results) {
      const failure = result.status === 'fulfilled' ? undefined : await failureOf(result);
      if (failure !== undefined) failures.push(failure);
    }
    return failures;
  }

  async #pause(failedTries: number, abortSignal: AbortSignal): Promise<void> {
    const { options, stopSignal } = this.#parts;
    const { clock, random } = settings();
    const backoff = { initialMs: options.initialBackoffMs, maxMs: options.maxBackoffMs };
    const waitSignal = AbortSignal.any([abortSignal, stopSignal]);
    await clock.sleep(backoffMs(failedTries, backoff, random), waitSignal);
    if (waitSignal.aborted) throw new Abandoned('stopped between tries');
  }
}

interface Run {
  readonly attempt: number;
  /** Undefined: all. */
  readonly receivers: ReadonlySet<string> | undefined;
  readonly abortSignal: AbortSignal;
}

interface Failure {
  readonly receiver: string;
  readonly reason: unknown;
}

/** A receiver that only took the event has handled it when its receipt arrives, and not before. */
async function failureOf(
  result: Exclude<ReceiverResult, { status: 'fulfilled' }>,
): Promise<Failure | undefined> {
  if (result.status === 'rejected') return result;
  try {
    await result.receipt;
    return undefined;
  } catch (reason) {
    return { receiver: result.receiver, reason };
  }
}
