import { reasonOf } from '../errors/events-error.js';
import { type BackoffOptions, backoffMs } from '../runtime/backoff.js';
import { runtime } from '../runtime/runtime.js';
import { classifyFailure } from './failure-class.js';
import type { Turn } from './turn.js';

/** Thrown where waiting was given up because the consumer stops or the lane was taken away. Never leaves this folder. */
export class Abandoned extends Error {}

export interface AvailabilityOptions {
  readonly groupId: string;
  readonly backoff: BackoffOptions;
  /** Whether a lane can go on while one of its events waits: the broker is then asked for more until there is no room. */
  readonly othersGoOn: boolean;
  readonly pause: (lane: string) => void;
  readonly resume: (lane: string) => void;
}

/** Holds a lane while something that its events need is down; the other lanes go on. */
export class Availability {
  readonly #options: AvailabilityOptions;
  readonly #held = new Map<string, Hold>();

  constructor(options: AvailabilityOptions) {
    this.#options = options;
  }

  /** Which lanes wait, and for what. */
  get reasons(): readonly string[] {
    return Array.from(this.#held, ([lane, { reason }]) => `${lane} waits: ${reason}`);
  }

  /** Whether the broker is asked for nothing more of a lane, because of what it waits for. */
  isPaused(lane: string): boolean {
    return this.#held.get(lane)?.isPaused === true;
  }

  /** To be called when there is no more room: what waits must not keep the other lanes from theirs. */
  pauseHeld(): void {
    for (const [lane, hold] of this.#held) this.#pause(lane, hold);
  }

  /** Forgets a lane that was taken away. */
  forget(lane: string): void {
    this.#held.delete(lane);
  }

  /**
   * Runs something, again and again without limit while it fails for infrastructure's sake. What succeeds at once costs
   * no promise.
   *
   * @throws Abandoned when waiting makes no sense any more
   */
  until<T>(lane: string, turn: Turn, run: () => T | Promise<T>): T | Promise<T> {
    let result: T | Promise<T>;
    try {
      result = run();
    } catch (error) {
      result = Promise.reject(error);
    }
    return result instanceof Promise ? this.#untilFulfilled(lane, turn, run, result) : result;
  }

  async #untilFulfilled<T>(
    lane: string,
    { waitSignal, rest }: Turn,
    run: () => T | Promise<T>,
    first: Promise<T>,
  ): Promise<T> {
    const waiter: Waiter = {};
    const { backoff } = this.#options;
    for (let failedTries = 1; ; failedTries += 1) {
      try {
        const result = await (failedTries === 1 ? first : run());
        this.#release(lane, waiter);
        return result;
      } catch (error) {
        if (classifyFailure(error) !== 'infrastructure') {
          this.#release(lane, waiter);
          throw error;
        }
        this.#hold(lane, waiter, error);
        const { clock, random } = runtime();
        const waitMs = backoffMs(failedTries, backoff, random);
        await rest(() => clock.sleep(waitMs, waitSignal));
        if (waitSignal.aborted) {
          // Not resumed: it is this consumer's no more, or nothing more is asked for.
          if (this.#wasLast(lane, waiter)) this.#held.delete(lane);
          throw new Abandoned('stopped while waiting', { cause: error });
        }
      }
    }
  }

  #release(lane: string, waiter: Waiter): void {
    const hold = this.#held.get(lane);
    if (hold === undefined || !this.#wasLast(lane, waiter)) return;
    this.#held.delete(lane);
    const { resume, groupId } = this.#options;
    if (hold.isPaused) resume(lane);
    runtime().telemetry.record({ type: 'consumer.resumed', lane, groupId });
  }

  /** Lets one wait no more; whether none waits in the lane now. */
  #wasLast(lane: string, waiter: Waiter): boolean {
    const waiters = this.#held.get(lane)?.waiters;
    return waiters?.delete(waiter) === true && waiters.size === 0;
  }

  #hold(lane: string, waiter: Waiter, error: unknown): void {
    const reason = reasonOf(error);
    const before = this.#held.get(lane);
    if (before !== undefined) {
      before.reason = reason;
      before.waiters.add(waiter);
      return;
    }
    const hold: Hold = { reason, waiters: new Set([waiter]), isPaused: false };
    this.#held.set(lane, hold);
    const { groupId, othersGoOn } = this.#options;
    const { logger, telemetry } = runtime();
    if (!othersGoOn) this.#pause(lane, hold);
    telemetry.record({ type: 'consumer.paused', lane, groupId, error });
    logger.warn({ err: error, lane, groupId }, 'a lane waits for something that is down; nothing is skipped');
  }

  #pause(lane: string, hold: Hold): void {
    if (hold.isPaused) return;
    hold.isPaused = true;
    this.#options.pause(lane);
  }
}

/** Tells one event that waits from another. */
type Waiter = object;

interface Hold {
  reason: string;
  readonly waiters: Set<Waiter>;
  isPaused: boolean;
}
