import { ProduceFailedError, type SendReceipt } from '@openedx-ts/events-core';
import { type Fault, type FaultPlan, faultsOf } from './fault-plan.js';
import { LateSends } from './late-sends.js';

/** What the receipt or the error of a send names. */
export interface SendFacts {
  readonly topic: string;
  readonly eventId: string;
}

/** Applies the faults of a plan to sends, one after another. */
export class FaultySends {
  /** The fault of each send, in order. */
  readonly faults: Fault[] = [];
  readonly #nextFault: () => Fault;
  readonly #held = new LateSends();
  readonly #swapped = new LateSends();

  /** @throws InvalidOptionsError when the plan is wrong */
  constructor(plan: FaultPlan) {
    this.#nextFault = faultsOf(plan);
  }

  /** How many sends wait for their release. */
  get held(): number {
    return this.#held.size + this.#swapped.size;
  }

  /** Applies the next fault to a send. */
  async suffer(about: SendFacts, send: () => Promise<SendReceipt>): Promise<SendReceipt> {
    const fault = this.#nextFault();
    this.faults.push(fault);
    switch (fault) {
      case 'drop':
        return { eventId: about.eventId, topic: about.topic, position: 'dropped' };
      case 'hold':
        return this.#held.add(send);
      case 'swap':
        return this.#swapped.add(send);
      case 'refuse':
        throw new ProduceFailedError(about.topic, 'refused by the fault plan', {
          retryable: false,
          fault: 'event',
        });
      case 'unavailable':
        throw new ProduceFailedError(about.topic, 'unavailable by the fault plan', { retryable: true });
      default:
        return this.#send(fault, about, send);
    }
  }

  /** Sends what waits, in order, and resolves when all of it is settled. */
  async release(): Promise<void> {
    await this.#held.release();
    await this.#swapped.release();
  }

  async #send(fault: Fault, about: SendFacts, send: () => Promise<SendReceipt>): Promise<SendReceipt> {
    const receipt = await send();
    if (fault === 'duplicate') await send();
    await this.#swapped.release();
    if (fault !== 'lose-answer') return receipt;
    throw new ProduceFailedError(about.topic, 'the answer was lost by the fault plan', {
      retryable: false,
      outcome: 'unknown',
    });
  }
}
