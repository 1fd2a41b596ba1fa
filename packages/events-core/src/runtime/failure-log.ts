import { reasonOf } from '../errors/events-error.js';
import { GrowingGaps } from './growing-gaps.js';
import { runtime } from './runtime.js';

/** How a `FailureLog` words its entries. */
export interface FailureLogOptions {
  /** What fails, where, and what happens or helps, e.g. `the broker is unreachable; receiving is retried`. */
  readonly failing: string;
  /** That it works again, e.g. `the broker is reachable again`. */
  readonly recovered: string;
  /** Facts of every entry, e.g. the group. @defaultValue none */
  readonly facts?: object;
}

/**
 * Logs a failure that is retried without flooding the log. A first failure is logged with its error; while it lasts,
 * it is logged again after 1, 2, 4 ... and at most 60 minutes, with how often it has failed (`failures`) and since when
 * (`since`). A reason that is new in this failure is logged at once, up to five of them. Recovery is one more entry. All
 * are warnings, so that whoever sees the failure sees its end. What fails again within the gap after it recovered counts
 * as the same failure. Keep one for each thing that can fail: the broker, the partitions of a member, a topic.
 */
export class FailureLog {
  readonly #options: FailureLogOptions;
  readonly #gaps = new GrowingGaps();
  readonly #reasons = new Set<string>();
  #state: 'working' | 'failing' | 'failing, logged' = 'working';
  #recoveredAt = 0;

  constructor(options: FailureLogOptions) {
    this.#options = options;
  }

  /** Whether it has failed and has not recovered yet. */
  get isFailing(): boolean {
    return this.#state !== 'working';
  }

  /** Notes that it failed, and logs that when it is due. `facts` are those of this failure, e.g. the partition. */
  failed(error: unknown, facts: object = {}): void {
    const { clock, logger } = runtime();
    const nowMs = clock.monotonic();
    if (this.#state === 'working') {
      if (this.#gaps.isQuiet(nowMs - this.#recoveredAt)) this.#reset();
      this.#state = 'failing';
    }
    const reason = reasonOf(error);
    const repeated = this.#gaps.count(clock);
    const isNewReason = !this.#reasons.has(reason) && this.#reasons.size < MAX_REASONS;
    if (!repeated.isDue && !isNewReason) return;
    this.#reasons.add(reason);
    this.#state = 'failing, logged';
    const cause = isNewReason ? { err: error } : { reason };
    logger.warn({ ...this.#options.facts, ...facts, ...cause, ...factsOf(repeated) }, this.#options.failing);
  }

  /** Notes that it works, and logs that when its failure was logged. Cheap while it works. */
  recovered(facts: object = {}): void {
    if (this.#state === 'working') return;
    const { clock, logger } = runtime();
    const wasLogged = this.#state === 'failing, logged';
    this.#state = 'working';
    this.#recoveredAt = clock.monotonic();
    const { total: failures, since } = this.#gaps;
    if (wasLogged)
      logger.warn({ ...this.#options.facts, ...facts, failures, since }, this.#options.recovered);
  }

  #reset(): void {
    this.#gaps.reset();
    this.#reasons.clear();
  }
}

/** Reasons may contain numbers that differ each time. */
const MAX_REASONS = 5;

function factsOf({ total, since }: { readonly total: number; readonly since: string }): object {
  return total === 1 ? {} : { failures: total, since };
}
