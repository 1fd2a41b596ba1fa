import type { SendReceipt } from '@openedx-ts/events-core';
import { deferred } from '@openedx-ts/events-core/bus';

/** Sends that wait for their release. */
export class LateSends {
  #waiting: (() => Promise<unknown>)[] = [];

  /** How many sends wait. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Keeps a send, and returns what becomes of it after its release. */
  add(send: () => Promise<SendReceipt>): Promise<SendReceipt> {
    const receipt = deferred<SendReceipt>();
    this.#waiting.push(() => send().then(receipt.resolve, receipt.reject));
    return receipt.promise;
  }

  /** Starts the waiting sends one after another, and resolves when the last one is settled. */
  async release(): Promise<void> {
    const sends = this.#waiting;
    this.#waiting = [];
    for (const send of sends) await send();
  }
}
