import { EventsError, type EventsErrorCode } from '../errors/events-error.js';
import { ReceiversFailedError, type RetryEventError } from '../errors/receiver-errors.js';
import { backoffMs } from '../runtime/backoff.js';
import { settings } from '../runtime/settings.js';
import { policyOver, type ResolvedReceiverPolicy } from '../signals/receiver-policy.js';
import type { ReceiverResult } from '../signals/signal.js';
import { Abandoned, type Availability } from './availability.js';
import type { ResolvedConsumerOptions } from './consumer-options.js';
import type { Deadlines } from './deadlines.js';
import type { Delivery } from './delivery.js';
import { classifyFailure } from './failure-class.js';
import type { FailedEvent, ReceivedEvent } from './received-event.js';
import { ReceiverRun } from './receiver-run.js';
import type { Turn } from './turn.js';

export interface ReceiverRunnerOptions {
  readonly options: Pick<ResolvedConsumerOptions, 'groupId' | 'policies' | keyof ResolvedReceiverPolicy>;
  readonly availability: Availability;
  readonly deadlines: Deadlines;
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

  /**
   * @throws Abandoned when the consumer stops or the lane is taken away before it is over
   * @throws FatalReceiverError when a receiver did
   */
  async run(event: ReceivedEvent, delivery: Delivery, turn: Turn): Promise<ReceiverOutcome> {
    const { options, deadlines } = this.#parts;
    const { eventType } = event.metadata;
    const run = new ReceiverRun(deadlines, policyOver(options.policies[eventType], options));
    const givenUp: Failure[] = [];
    let receivers: ReadonlySet<string> | undefined;
    let firstFailure: Date | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const failures = await this.#tryOnce(event, delivery, turn, { attempt, receivers, run });
      if (failures.length > 0) firstFailure ??= new Date(settings().clock.now());
      const again = failures.filter((failure) => isTriedAgain(failure, attempt));
      givenUp.push(
        ...failures.filter((failure) => !again.includes(failure) && !this.#isDropped(failure, delivery)),
      );
      if (again.length === 0) {
        if (givenUp.length === 0) return { attempts: attempt };
        const error = new ReceiversFailedError(eventType, givenUp);
        const onFailure = strictest(givenUp);
        return { failed: { error, attempts: attempt, firstFailure: firstFailure as Date, onFailure } };
      }
      receivers = new Set(again.map(({ receiver }) => receiver));
      const { groupId } = options;
      const error = new ReceiversFailedError(eventType, again);
      settings().telemetry.record({
        type: 'event.retried',
        eventType,
        topic: delivery.message.topic,
        groupId,
        attempt,
        error,
      });
      await pause(again, attempt, turn);
    }
  }

  async #tryOnce(
    event: ReceivedEvent,
    delivery: Delivery,
    turn: Turn,
    tried: Try,
  ): Promise<readonly Failure[]> {
    let failed = await this.#runReceivers(event, delivery, turn, tried);
    if (failed.length === 0) return failed;
    const failures: Failure[] = [];
    let receivers: ReadonlySet<string> | undefined; // of those that wait for something that is down
    await this.#parts.availability.until(delivery.lane, turn, async () => {
      if (receivers !== undefined)
        failed = await this.#runReceivers(event, delivery, turn, { ...tried, receivers });
      const blocked = failed.filter(({ reason }) => classifyFailure(reason) === 'infrastructure');
      failures.push(...failed.filter((failure) => !blocked.includes(failure)));
      receivers = new Set(blocked.map(({ receiver }) => receiver));
      if (blocked[0] !== undefined) throw blocked[0].reason;
    });
    const fatal = failures.find(({ reason }) => decides(reason, 'EVENTS_FATAL_RECEIVER'));
    if (fatal !== undefined) throw fatal.reason;
    return failures;
  }

  async #runReceivers(
    { signal, data, metadata }: ReceivedEvent,
    { message: { topic }, position }: Delivery,
    { abortSignal }: Turn,
    { attempt, receivers, run }: Try,
  ): Promise<readonly Failure[]> {
    const { groupId } = this.#parts.options;
    const { eventType, id: eventId, trace } = metadata;
    const facts = { eventType, eventId, topic, groupId, position, attempt, trace };
    const results = await settings().telemetry.process(facts, () =>
      signal.sendEventWithMetadata(metadata, data, {
        isChecked: true,
        loud: false,
        delivery: { topic, groupId, position, attempt, abortSignal },
        runReceiver: (receiver, event) => run.run(receiver, event),
        ...(receivers === undefined ? {} : { receivers }),
      }),
    );
    const failures: Failure[] = [];
    for (const result of results) {
      if (result.status === 'fulfilled') continue;
      const failure = await failureOf(result);
      if (failure !== undefined) failures.push({ ...failure, policy: run.policyOf(failure.receiver) });
    }
    return failures;
  }

  #isDropped({ reason }: Failure, { message: { topic } }: Delivery): boolean {
    if (!decides(reason, 'EVENTS_DROP_EVENT')) return false;
    const { groupId } = this.#parts.options;
    settings().telemetry.record({ type: 'event.dropped', topic, groupId, code: 'EVENTS_DROP_EVENT' });
    return true;
  }
}

interface Try {
  readonly attempt: number;
  /** Undefined: all. */
  readonly receivers: ReadonlySet<string> | undefined;
  readonly run: ReceiverRun;
}

interface Failure {
  readonly receiver: string;
  readonly reason: unknown;
  readonly policy: ResolvedReceiverPolicy;
}

function isTriedAgain({ reason, policy }: Failure, attempt: number): boolean {
  if (decides(reason, 'EVENTS_DROP_EVENT') || decides(reason, 'EVENTS_PARK_EVENT')) return false;
  return attempt < policy.maxAttempts;
}

/** One event has one fate: where receivers differ, that which loses least. */
function strictest(failures: readonly Failure[]): ResolvedReceiverPolicy['onFailure'] {
  const fates = failures.map(({ reason, policy }) =>
    decides(reason, 'EVENTS_PARK_EVENT') ? 'dead-letter' : policy.onFailure,
  );
  if (fates.includes('stop')) return 'stop';
  return fates.includes('dead-letter') ? 'dead-letter' : 'drop';
}

async function pause(failures: readonly Failure[], attempt: number, turn: Turn): Promise<void> {
  const { clock, random } = settings();
  const waits = failures.map(({ reason, policy: { initialBackoffMs, maxBackoffMs } }) => {
    const wait = backoffMs(attempt, { initialMs: initialBackoffMs, maxMs: maxBackoffMs }, random);
    return decides(reason, 'EVENTS_RETRY_EVENT') ? ((reason as RetryEventError).retryAfterMs ?? wait) : wait;
  });
  await turn.rest(() => clock.sleep(Math.max(...waits), turn.waitSignal));
  if (turn.waitSignal.aborted) throw new Abandoned('stopped between tries');
}

/** A receiver that only took the event has handled it when its receipt arrives, and not before. */
async function failureOf(
  result: Exclude<ReceiverResult, { status: 'fulfilled' }>,
): Promise<{ readonly receiver: string; readonly reason: unknown } | undefined> {
  if (result.status === 'rejected') return result;
  try {
    await result.receipt;
    return undefined;
  } catch (reason) {
    return { receiver: result.receiver, reason };
  }
}

/** Whether a receiver decided by what it threw; right across two installed copies. */
function decides(reason: unknown, code: EventsErrorCode): boolean {
  return EventsError.is(reason) && reason.code === code;
}
