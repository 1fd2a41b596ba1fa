import { reasonOf } from '../errors/events-error.js';
import { type BackoffOptions, backoffMs } from '../runtime/backoff.js';
import { settings } from '../runtime/settings.js';
import { classifyFailure } from './failure-class.js';
import type { Turn } from './turn.js';

/** Thrown where waiting was given up because the consumer stops or the lane was taken away. Never leaves this folder. */
export class Abandoned extends Error {}

export interface AvailabilityOptions {
  readonly groupId: string;
  readonly backoff: BackoffOptions;
  readonly pause: (lane: string) => void;
  readonly resume: (lane: string) => void;
}

/** Holds a lane while something that its events need is down; the other lanes go on. */
export class Availability {
  readonly #options: AvailabilityOptions;
  readonly #held = new Map<string, string>();

  constructor(options: AvailabilityOptions) {
    this.#options = options;
  }

  /** Which lanes wait, and for what. */
  get reasons(): readonly string[] {
    return Array.from(this.#held, ([lane, reason]) => `${lane} waits: ${reason}`);
  }

  isHeld(lane: string): boolean {
    return this.#held.has(lane);
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
    if (result instanceof Promise) return this.#untilFulfilled(lane, turn, run, result);
    this.#release(lane);
    return result;
  }

  async #untilFulfilled<T>(
    lane: string,
    { waitSignal, rest }: Turn,
    run: () => T | Promise<T>,
    first: Promise<T>,
  ): Promise<T> {
    const { backoff } = this.#options;
    for (let failedTries = 1; ; failedTries += 1) {
      try {
        const result = await (failedTries === 1 ? first : run());
        this.#release(lane);
        return result;
      } catch (error) {
        if (classifyFailure(error) !== 'infrastructure') {
          this.#release(lane);
          throw error;
        }
        this.#hold(lane, error);
        const { clock, random } = settings();
        const waitMs = backoffMs(failedTries, backoff, random);
        await rest(() => clock.sleep(waitMs, waitSignal));
        if (waitSignal.aborted) {
          this.#held.delete(lane); // not resumed: it is this consumer's no more, or nothing more is asked for
          throw new Abandoned('stopped while waiting', { cause: error });
        }
      }
    }
  }

  #release(lane: string): void {
    if (!this.#held.delete(lane)) return;
    const { resume, groupId } = this.#options;
    resume(lane);
    settings().telemetry.record({ type: 'consumer.resumed', lane, groupId });
  }

  #hold(lane: string, error: unknown): void {
    const { groupId, pause } = this.#options;
    const isNew = !this.#held.has(lane);
    this.#held.set(lane, reasonOf(error));
    if (isNew) {
      const { logger, telemetry } = settings();
      pause(lane);
      telemetry.record({ type: 'consumer.paused', lane, groupId, error });
      logger.warn(
        { err: error, lane, groupId },
        'a lane waits for something that is down; nothing is skipped',
      );
    }
  }
}
