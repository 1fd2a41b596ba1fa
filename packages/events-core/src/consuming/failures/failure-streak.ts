import { ConsumerFailedError } from '../../errors/bus-errors.js';
import type { ResolvedConsumerOptions } from '../types/consumer-options.js';
import type { Outcome } from '../types/outcome.js';

/** Counts consecutive events that were dead-lettered or dropped, and reports when there are too many. */
export class FailureStreak {
  readonly #options: Pick<ResolvedConsumerOptions, 'groupId' | 'maxConsecutiveFailures'>;
  readonly #onTooMany: (error: ConsumerFailedError) => void;
  #length = 0;

  constructor(
    options: Pick<ResolvedConsumerOptions, 'groupId' | 'maxConsecutiveFailures'>,
    onTooMany: (error: ConsumerFailedError) => void,
  ) {
    this.#options = options;
    this.#onTooMany = onTooMany;
  }

  /** The event that reaches the limit is acknowledged like the others, so that it does not come again. */
  count(outcome: Outcome): void {
    if (outcome === 'handled') this.#length = 0;
    if (outcome !== 'dead-lettered' && outcome !== 'dropped') return;
    this.#length += 1;
    const { groupId, maxConsecutiveFailures } = this.#options;
    if (this.#length < maxConsecutiveFailures) return;
    const reason = `${this.#length} events in a row failed (maxConsecutiveFailures); see the log and the dead letters`;
    this.#onTooMany(new ConsumerFailedError(groupId, reason));
  }
}
