import { hasErrorCode } from '../../errors/has-error-code.js';
import { ReceiversFailedError } from '../../errors/receiver-errors.js';
import { sentAt } from '../../metadata/sent-at.js';
import { runtime } from '../../runtime/runtime.js';
import { type ConsumedEventFacts, noTelemetry } from '../../runtime/telemetry.js';
import { dispatchReceived } from '../../signals/dispatch-received.js';
import { policyOver, type ResolvedReceiverPolicy } from '../../signals/receiver-policy.js';
import type { ReceiverResult } from '../../signals/signal.js';
import { REDRIVES_HEADER } from '../../wire/redrives-header.js';
import { Abandoned } from '../failures/abandoned.js';
import type { Availability } from '../failures/availability.js';
import type { FailedEvent } from '../failures/failed-event.js';
import type { RunningSteps } from '../progress/running-steps.js';
import type { ResolvedConsumerOptions } from '../types/consumer-options.js';
import type { Delivery } from '../types/delivery.js';
import type { HandlingContext } from '../types/handling-context.js';
import type { Deadlines } from './deadlines.js';
import type { ReceivedEvent } from './received-event.js';
import { ReceiverCaller } from './receiver-caller.js';
import {
  hasAttemptLeft,
  needsUnreachable,
  type ReceiverFailure,
  receiversOf,
  strictest,
  waitMsAfter,
} from './receiver-failure.js';

export interface RetryingDispatcherOptions {
  readonly system: string;
  readonly options: Pick<ResolvedConsumerOptions, 'groupId' | 'policies' | keyof ResolvedReceiverPolicy>;
  readonly availability: Availability;
  readonly deadlines: Deadlines;
  readonly running: RunningSteps;
}

/** All receivers succeeded after so many attempts, or some failed for good. */
export type DispatchOutcome = { readonly attempts: number } | { readonly failed: FailedEvent };

const succeededAtOnce: DispatchOutcome = { attempts: 1 };

/**
 * Calls the receivers of an event, and again those that failed, until all have succeeded or used up their attempts. A
 * receiver that needs something unreachable is retried until that is back, which costs no attempt.
 */
export class RetryingDispatcher {
  readonly #parts: RetryingDispatcherOptions;

  constructor(parts: RetryingDispatcherOptions) {
    this.#parts = parts;
  }

  /**
   * Dispatches one event.
   *
   * @throws Abandoned when the consumer stops, or the lane is lost, while a receiver waits for its next attempt
   * @throws FatalReceiverError when a receiver threw one
   */
  async dispatch(
    event: ReceivedEvent,
    delivery: Delivery,
    context: HandlingContext,
  ): Promise<DispatchOutcome> {
    const { deadlines, running } = this.#parts;
    const base = this.#policyOf(event.metadata.eventType);
    const calls = new ReceiverCaller({ deadlines, running, delivery, base });
    const dispatch: Dispatch = { event, delivery, context, calls };
    const results = await this.#runReceivers(dispatch, 1);
    return results.every(isFulfilled) ? succeededAtOnce : this.#retryFailed(dispatch, results);
  }

  async #retryFailed(dispatch: Dispatch, firstResults: readonly ReceiverResult[]): Promise<DispatchOutcome> {
    const { event, delivery } = dispatch;
    const { eventType } = event.metadata;
    const failedForGood: ReceiverFailure[] = [];
    let results = firstResults;
    let firstFailure: Date | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const failures = await this.#failuresOfAttempt(dispatch, attempt, results);
      if (failures.length > 0) firstFailure ??= new Date(runtime().clock.now());
      const again = failures.filter((failure) => hasAttemptLeft(failure, attempt));
      failedForGood.push(
        ...failures.filter((failure) => !again.includes(failure) && !this.#isDropped(failure, dispatch)),
      );
      if (again.length === 0) {
        if (failedForGood.length === 0) return { attempts: attempt };
        const error = new ReceiversFailedError(eventType, failedForGood);
        const onFailure = strictest(failedForGood);
        return { failed: { error, attempts: attempt, firstFailure: firstFailure as Date, onFailure } };
      }
      const { groupId } = this.#parts.options;
      const { topic } = delivery.message;
      const error = new ReceiversFailedError(eventType, again);
      runtime().telemetry.record({ type: 'event.retried', eventType, topic, groupId, attempt, error });
      await this.#backOff(again, attempt, dispatch);
      results = await this.#runReceivers(dispatch, attempt + 1, receiversOf(again));
    }
  }

  /**
   * Ends an attempt whose receivers were called: those that need something unreachable are called again until that is
   * back, within the attempt.
   *
   * @returns the failures that cost an attempt
   */
  async #failuresOfAttempt(
    dispatch: Dispatch,
    attempt: number,
    results: readonly ReceiverResult[],
  ): Promise<readonly ReceiverFailure[]> {
    const { delivery, context } = dispatch;
    let latest = await this.#failuresOf(results, dispatch);
    if (latest.length === 0) return latest;
    const failures: ReceiverFailure[] = [];
    let blocked: readonly ReceiverFailure[] = [];
    const callBlocked = async () => {
      if (blocked.length > 0) {
        const results = await this.#runReceivers(dispatch, attempt, receiversOf(blocked));
        latest = await this.#failuresOf(results, dispatch);
      }
      blocked = latest.filter(needsUnreachable);
      failures.push(...latest.filter((failure) => !needsUnreachable(failure)));
      const fatal = failures.find(({ reason }) => hasErrorCode(reason, 'EVENTS_FATAL_RECEIVER'));
      if (fatal !== undefined) throw fatal.reason;
      if (blocked[0] !== undefined) throw blocked[0].reason;
    };
    await this.#parts.availability.retry(delivery.lane, context, callBlocked, delivery.message);
    return failures;
  }

  #runReceivers(
    dispatch: Dispatch,
    attempt: number,
    receivers?: ReadonlySet<string>,
  ): readonly ReceiverResult[] | Promise<readonly ReceiverResult[]> {
    const { event, delivery, context, calls } = dispatch;
    const { signal, data, metadata } = event;
    const { groupId } = this.#parts.options;
    const { abortSignal } = context;
    const run = () =>
      dispatchReceived(signal, {
        data,
        metadata,
        delivery: {
          topic: delivery.message.topic,
          groupId,
          position: delivery.position,
          attempt,
          abortSignal,
        },
        receivers,
        runReceiver: (receiver, received) => calls.call(receiver, received),
      });
    const { telemetry } = runtime();
    // The facts are gathered, and the headers searched, only for telemetry that looks at them.
    return telemetry === noTelemetry ? run() : telemetry.process(this.#factsOf(dispatch, attempt), run);
  }

  #factsOf({ event: { metadata }, delivery }: Dispatch, attempt: number): ConsumedEventFacts {
    const { system, options } = this.#parts;
    const { position, deliveryCount, message } = delivery;
    return {
      system,
      eventType: metadata.eventType,
      eventId: metadata.id,
      topic: message.topic,
      groupId: options.groupId,
      position,
      attempt,
      deliveryCount,
      isRedriven: message.headers.some(([name]) => name === REDRIVES_HEADER),
      sentAt: sentAt(metadata),
      trace: metadata.trace,
    };
  }

  async #failuresOf(
    results: readonly ReceiverResult[],
    { delivery, calls }: Dispatch,
  ): Promise<readonly ReceiverFailure[]> {
    const failures: ReceiverFailure[] = [];
    for (const result of results) {
      if (result.status === 'fulfilled') continue;
      const step = { stage: 'receiver', receiver: result.receiver } as const;
      const failure = await this.#parts.running.during(delivery, step, () => failureOf(result));
      if (failure !== undefined) failures.push({ ...failure, policy: calls.policyOf(failure.receiver) });
    }
    return failures;
  }

  /** Waits between two attempts. */
  async #backOff(
    failures: readonly ReceiverFailure[],
    attempt: number,
    { delivery, context }: Dispatch,
  ): Promise<void> {
    const { running } = this.#parts;
    const waitMs = Math.max(...failures.map((failure) => waitMsAfter(failure, attempt)));
    await running.during(delivery, { stage: 'start' }, () =>
      context.backOff(async () => {
        running.started(delivery, { stage: 'back-off' });
        await runtime().clock.sleep(waitMs, context.waitSignal);
        running.started(delivery, { stage: 'start' });
      }),
    );
    if (context.waitSignal.aborted) throw new Abandoned('stopped between two attempts');
  }

  #policyOf(eventType: string): ResolvedReceiverPolicy {
    const { options } = this.#parts;
    return policyOver(options.policies[eventType], options);
  }

  #isDropped({ receiver, reason }: ReceiverFailure, { event, delivery }: Dispatch): boolean {
    const code = 'EVENTS_DROP_EVENT';
    if (!hasErrorCode(reason, code)) return false;
    const { system, options } = this.#parts;
    const { eventType } = event.metadata;
    const { topic } = delivery.message;
    const { groupId } = options;
    const about = { system, eventType, topic, groupId, code, receiver, durationMs: null };
    runtime().telemetry.record({ type: 'event.dropped', ...about });
    return true;
  }
}

/** An event whose receivers are being called. */
interface Dispatch {
  readonly event: ReceivedEvent;
  readonly delivery: Delivery;
  readonly context: HandlingContext;
  readonly calls: ReceiverCaller;
}

function isFulfilled({ status }: ReceiverResult): boolean {
  return status === 'fulfilled';
}

/** A receiver that returned a pending receipt has handled the event when the receipt resolves. */
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
