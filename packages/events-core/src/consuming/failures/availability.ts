import { reasonOf } from '../../errors/events-error.js';
import { type BackoffOptions, backoffMs } from '../../runtime/backoff.js';
import { FailureLog } from '../../runtime/failure-log.js';
import { runtime } from '../../runtime/runtime.js';
import type { HeaderNaming } from '../../wire/headers.js';
import type { Message } from '../../wire/message.js';
import { namedEventType } from '../../wire/named-event-type.js';
import type { HandlingContext } from '../types/handling-context.js';
import { Abandoned } from './abandoned.js';
import { classifyFailure } from './failure-class.js';

export interface AvailabilityOptions {
  readonly groupId: string;
  readonly headerNaming: HeaderNaming;
  readonly backoff: BackoffOptions;
  /** Whether a lane goes on while one of its events waits. It is then paused only when there is no more room. */
  readonly othersGoOn: boolean;
  readonly pause: (lane: string) => void;
  readonly resume: (lane: string) => void;
}

/** Retries what needs something unreachable (a registry, a database, the broker), and pauses the lane that needs it. */
export class Availability {
  readonly #options: AvailabilityOptions;
  readonly #waiting = new Map<string, WaitingLane>();
  /** By lane, for as long as the lane is this consumer's. */
  readonly #logs = new Map<string, FailureLog>();

  constructor(options: AvailabilityOptions) {
    this.#options = options;
  }

  /** The lanes that wait, each with the error that it waits for, for `health()`. */
  get reasons(): readonly string[] {
    return Array.from(this.#waiting, ([lane, { error }]) => `${lane} waits: ${reasonOf(error)}`);
  }

  /** Whether a lane waits for something unreachable. */
  isWaiting(lane: string): boolean {
    return this.#waiting.has(lane);
  }

  /** Whether the broker is asked for nothing more of a lane, because it waits for something unreachable. */
  isPaused(lane: string): boolean {
    return this.#waiting.get(lane)?.isPaused === true;
  }

  /** Pauses every lane that waits, so that its deliveries do not use up the room of the other lanes. */
  pauseWaiting(): void {
    for (const [lane, waiting] of this.#waiting) this.#pause(lane, waiting);
  }

  /** Forgets a lane that was lost or drained. */
  forget(lane: string): void {
    this.#waiting.delete(lane);
    this.#logs.delete(lane);
  }

  /**
   * Runs a function, and again without limit while it fails because something is unreachable.
   *
   * @param message of the event that it is for; undefined for an acknowledgement
   * @throws Abandoned when it fails and `waitSignal` has fired
   */
  async retry<T>(
    lane: string,
    context: Pick<HandlingContext, 'waitSignal' | 'backOff'>,
    run: () => T | Promise<T>,
    message?: Message,
  ): Promise<T> {
    const waiter: Waiter = { message };
    for (let failedTries = 1; ; failedTries += 1) {
      try {
        const result = await run();
        this.#release(lane, waiter);
        return result;
      } catch (error) {
        if (classifyFailure(error) !== 'infrastructure') {
          this.#release(lane, waiter);
          throw error;
        }
        if (!context.waitSignal.aborted) {
          this.#hold(lane, waiter, error);
          await this.#backOff(failedTries, context);
        }
        if (context.waitSignal.aborted) {
          // Neither paused nor resumed: the lane is lost, or the consumer stops.
          if (this.#wasLast(lane, waiter)) this.#waiting.delete(lane);
          throw new Abandoned('stopped while waiting', { cause: error });
        }
      }
    }
  }

  #backOff(
    failedTries: number,
    { waitSignal, backOff }: Pick<HandlingContext, 'waitSignal' | 'backOff'>,
  ): Promise<void> {
    const { clock, random } = runtime();
    const waitMs = backoffMs(failedTries, this.#options.backoff, random);
    return backOff(() => clock.sleep(waitMs, waitSignal));
  }

  #release(lane: string, waiter: Waiter): void {
    const waiting = this.#waiting.get(lane);
    if (waiting === undefined || !this.#wasLast(lane, waiter)) return;
    this.#waiting.delete(lane);
    this.#log(lane).recovered();
    if (!waiting.isPaused) return;
    const { resume, groupId } = this.#options;
    resume(lane);
    runtime().telemetry.record({ type: 'consumer.resumed', lane, groupId });
  }

  /** Removes a waiter. @returns whether no other waits in the lane */
  #wasLast(lane: string, waiter: Waiter): boolean {
    const waiters = this.#waiting.get(lane)?.waiters;
    return waiters?.delete(waiter) === true && waiters.size === 0;
  }

  #hold(lane: string, waiter: Waiter, error: unknown): void {
    this.#log(lane).failed(error);
    const before = this.#waiting.get(lane);
    if (before !== undefined) {
      before.error = error;
      before.waiters.add(waiter);
      return;
    }
    const waiting: WaitingLane = { error, waiters: new Set([waiter]), isPaused: false };
    this.#waiting.set(lane, waiting);
    if (!this.#options.othersGoOn) this.#pause(lane, waiting);
  }

  #pause(lane: string, waiting: WaitingLane): void {
    if (waiting.isPaused) return;
    waiting.isPaused = true;
    const { pause, groupId, headerNaming } = this.#options;
    pause(lane);
    const { error, waiters } = waiting;
    const message = [...waiters].at(-1)?.message; // the latest, as the error
    const eventType = message === undefined ? null : namedEventType(message.headers, headerNaming);
    runtime().telemetry.record({ type: 'consumer.paused', lane, groupId, eventType, error });
  }

  #log(lane: string): FailureLog {
    const existing = this.#logs.get(lane);
    if (existing !== undefined) return existing;
    const log = new FailureLog({
      failing:
        'a lane waits for something unreachable; it is retried until it is back, and no event is skipped',
      recovered: 'what a lane waited for is reachable again',
      facts: { lane, groupId: this.#options.groupId },
    });
    this.#logs.set(lane, log);
    return log;
  }
}

/** One event or acknowledgement that waits. */
interface Waiter {
  /** Of the event. */
  readonly message: Message | undefined;
}

interface WaitingLane {
  /** The latest. */
  error: unknown;
  readonly waiters: Set<Waiter>;
  isPaused: boolean;
}
