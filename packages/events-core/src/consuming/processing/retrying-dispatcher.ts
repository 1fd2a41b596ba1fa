import { hasErrorCode } from '../../errors/has-error-code.js';
import { ReceiversFailedError, type RetryEventError } from '../../errors/receiver-errors.js';
import { andThen } from '../../runtime/and-then.js';
import { backoffMs } from '../../runtime/backoff.js';
import { runtime } from '../../runtime/runtime.js';
import { policyOver, type ResolvedReceiverPolicy } from '../../signals/receiver-policy.js';
import type { ReceiverResult } from '../../signals/signal.js';
import type { ResolvedConsumerOptions } from '../contract/consumer-options.js';
import type { Delivery } from '../contract/delivery.js';
import type { Turn } from '../contract/handling-context.js';
import { Abandoned, type Availability } from '../failures/availability.js';
import { classifyFailure } from '../failures/failure-class.js';
import type { Deadlines } from './deadlines.js';
import type { FailedEvent, ReceivedEvent } from './received-event.js';
import { ReceiverRun } from './receiver-calls.js';

export interface ReceiverRunnerOptions {
  readonly options: Pick<ResolvedConsumerOptions, 'groupId' | 'policies' | keyof ResolvedReceiverPolicy>;
  readonly availability: Availability;
  readonly deadlines: Deadlines;
}

/** All receivers succeeded, after that many tries; or some never did. */
export type ReceiverOutcome = { readonly attempts: number } | { readonly failed: FailedEvent };

const succeededAtOnce: ReceiverOutcome = { attempts: 1 };

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
  run(event: ReceivedEvent, delivery: Delivery, turn: Turn): ReceiverOutcome | Promise<ReceiverOutcome> {
    const run = new ReceiverRun(this.#parts.deadlines, this.#policyOf(event.metadata.eventType));
    const running: Running = { event, delivery, turn, run };
    return andThen(this.#runReceivers(running, 1), (results) =>
      results.every(isFulfilled) ? succeededAtOnce : this.#runUntilOver(running, results),
    );
  }

  async #runUntilOver(running: Running, firstResults: readonly ReceiverResult[]): Promise<ReceiverOutcome> {
    const { event, delivery, turn } = running;
    const { eventType } = event.metadata;
    const givenUp: Failure[] = [];
    let results: typeof firstResults | undefined = firstResults;
    let receivers: ReadonlySet<string> | undefined;
    let firstFailure: Date | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const failures = await this.#tryOnce(running, attempt, receivers, results);
      results = undefined;
      if (failures.length > 0) firstFailure ??= new Date(runtime().clock.now());
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
      const { groupId } = this.#parts.options;
      const { topic } = delivery.message;
      const error = new ReceiversFailedError(eventType, again);
      runtime().telemetry.record({ type: 'event.retried', eventType, topic, groupId, attempt, error });
      await pause(again, attempt, turn);
    }
  }

  /** One attempt, of which the results may be there already. */
  async #tryOnce(
    running: Running,
    attempt: number,
    attempted: ReadonlySet<string> | undefined,
    results: readonly ReceiverResult[] | undefined,
  ): Promise<readonly Failure[]> {
    const { delivery, turn, run } = running;
    const runThem = (receivers = attempted) => this.#runReceivers(running, attempt, receivers);
    let failed = await failuresOf(results ?? (await runThem()), run);
    if (failed.length === 0) return failed;
    const failures: Failure[] = [];
    let receivers: ReadonlySet<string> | undefined; // of those that wait for something that is down
    await this.#parts.availability.until(delivery.lane, turn, async () => {
      if (receivers !== undefined) failed = await failuresOf(await runThem(receivers), run);
      const blocked = failed.filter(({ reason }) => classifyFailure(reason) === 'infrastructure');
      failures.push(...failed.filter((failure) => !blocked.includes(failure)));
      const fatal = failures.find(({ reason }) => hasErrorCode(reason, 'EVENTS_FATAL_RECEIVER'));
      if (fatal !== undefined) throw fatal.reason;
      receivers = new Set(blocked.map(({ receiver }) => receiver));
      if (blocked[0] !== undefined) throw blocked[0].reason;
    });
    return failures;
  }

  #runReceivers(
    { event: { signal, data, metadata }, delivery, turn: { abortSignal }, run }: Running,
    attempt: number,
    receivers?: ReadonlySet<string>,
  ): readonly ReceiverResult[] | Promise<readonly ReceiverResult[]> {
    const { groupId } = this.#parts.options;
    const { position, message } = delivery;
    const { topic } = message;
    const { eventType, id: eventId, trace } = metadata;
    const facts = { eventType, eventId, topic, groupId, position, attempt, trace };
    return runtime().telemetry.process(facts, () =>
      signal.receive({
        data,
        metadata,
        delivery: { topic, groupId, position, attempt, abortSignal },
        receivers,
        runReceiver: (receiver, received) => run.run(receiver, received),
      }),
    );
  }

  #policyOf(eventType: string): ResolvedReceiverPolicy {
    const { options } = this.#parts;
    return policyOver(options.policies[eventType], options);
  }

  #isDropped({ reason }: Failure, { message: { topic } }: Delivery): boolean {
    if (!hasErrorCode(reason, 'EVENTS_DROP_EVENT')) return false;
    const { groupId } = this.#parts.options;
    runtime().telemetry.record({ type: 'event.dropped', topic, groupId, code: 'EVENTS_DROP_EVENT' });
    return true;
  }
}

/** An event whose receivers are being run. */
interface Running {
  readonly event: ReceivedEvent;
  readonly delivery: Delivery;
  readonly turn: Turn;
  readonly run: ReceiverRun;
}

interface Failure {
  readonly receiver: string;
  readonly reason: unknown;
  readonly policy: ResolvedReceiverPolicy;
}

function isTriedAgain({ reason, policy }: Failure, attempt: number): boolean {
  if (hasErrorCode(reason, 'EVENTS_DROP_EVENT') || hasErrorCode(reason, 'EVENTS_DEAD_LETTER_EVENT'))
    return false;
  return attempt < policy.maxAttempts;
}

/** One event has one fate: where receivers differ, that which loses least. */
function strictest(failures: readonly Failure[]): ResolvedReceiverPolicy['onFailure'] {
  const fates = failures.map(({ reason, policy }) =>
    hasErrorCode(reason, 'EVENTS_DEAD_LETTER_EVENT') ? 'dead-letter' : policy.onFailure,
  );
  if (fates.includes('stop')) return 'stop';
  return fates.includes('dead-letter') ? 'dead-letter' : 'drop';
}

async function pause(failures: readonly Failure[], attempt: number, turn: Turn): Promise<void> {
  const { clock, random } = runtime();
  const waits = failures.map(({ reason, policy: { initialBackoffMs, maxBackoffMs } }) => {
    const wait = backoffMs(attempt, { initialMs: initialBackoffMs, maxMs: maxBackoffMs }, random);
    if (!hasErrorCode(reason, 'EVENTS_RETRY_EVENT')) return wait;
    const { retryAfterMs = wait } = reason as RetryEventError;
    return Number.isFinite(retryAfterMs) && retryAfterMs >= 0 ? retryAfterMs : wait;
  });
  await turn.rest(() => clock.sleep(Math.max(...waits), turn.waitSignal));
  if (turn.waitSignal.aborted) throw new Abandoned('stopped between tries');
}

function isFulfilled({ status }: ReceiverResult): boolean {
  return status === 'fulfilled';
}

async function failuresOf(results: readonly ReceiverResult[], run: ReceiverRun): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  for (const result of results) {
    if (result.status === 'fulfilled') continue;
    const failure = await failureOf(result);
    if (failure !== undefined) failures.push({ ...failure, policy: run.policyOf(failure.receiver) });
  }
  return failures;
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
