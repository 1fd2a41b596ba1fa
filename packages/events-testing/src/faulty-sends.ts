import { ProduceFailedError, type SendReceipt } from '@openedx-ts/events-core';
import { deferred } from '@openedx-ts/events-core/bus';
import { type Fault, type FaultPlan, faultsOf } from './fault-plan.js';

/** The event of a send. */
export interface SendFacts {
  readonly topic: string;
  readonly eventId: string;
}

type Send = () => Promise<SendReceipt>;

/** Applies the faults of a plan to sends. */
export class FaultySends {
  /** The fault of each send, in order. */
  readonly faults: Fault[] = [];
  readonly #nextFault: () => Fault;
  #held: (() => Promise<void>)[] = [];
  #swapped: (() => Promise<void>)[] = [];

  /** @throws InvalidOptionsError when the plan is wrong */
  constructor(plan: FaultPlan) {
    this.#nextFault = faultsOf(plan);
  }

  /** How many sends wait for `release()`. */
  get held(): number {
    return this.#held.length + this.#swapped.length;
  }

  /** Sends an event as the next fault of the plan requires. */
  async send(facts: SendFacts, send: Send): Promise<SendReceipt> {
    const { topic, eventId } = facts;
    const fault = this.#nextFault();
    this.faults.push(fault);
    switch (fault) {
      case 'drop':
        return { eventId, topic, position: 'dropped' };
      case 'hold':
        return later(this.#held, send);
      case 'swap':
        return later(this.#swapped, send);
      case 'refuse':
        throw new ProduceFailedError(topic, 'refused by the fault plan', { retryable: false });
      case 'unavailable':
        throw new ProduceFailedError(topic, 'unavailable by the fault plan', { retryable: true });
      default:
        return this.#pass(fault, topic, send);
    }
  }

  /** Sends every event that waits, in order. */
  async release(): Promise<void> {
    const held = this.#held;
    this.#held = [];
    for (const send of held) await send();
    await this.#releaseSwapped();
  }

  async #pass(fault: Fault, topic: string, send: Send): Promise<SendReceipt> {
    const receipt = await send();
    if (fault === 'duplicate') await send();
    await this.#releaseSwapped();
    if (fault !== 'lose-answer') return receipt;
    throw new ProduceFailedError(topic, 'the answer was lost by the fault plan', { retryable: false });
  }

  async #releaseSwapped(): Promise<void> {
    const swapped = this.#swapped;
    this.#swapped = [];
    for (const send of swapped) await send();
  }
}

function later(queue: (() => Promise<void>)[], send: Send): Promise<SendReceipt> {
  const receipt = deferred<SendReceipt>();
  queue.push(() => send().then(receipt.resolve, receipt.reject));
  return receipt.promise;
}
