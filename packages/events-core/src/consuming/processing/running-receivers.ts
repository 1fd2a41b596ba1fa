import type { Delivery } from '../types/delivery.js';

/** The async receiver that runs for each delivery at the moment; at most one for each delivery in flight. */
export class RunningReceivers {
  readonly #names = new Map<Delivery, string>();

  started(delivery: Delivery, receiver: string): void {
    this.#names.set(delivery, receiver);
  }

  ended(delivery: Delivery): void {
    this.#names.delete(delivery);
  }

  /** The name of the receiver; undefined when none runs for the delivery. */
  of(delivery: Delivery): string | undefined {
    return this.#names.get(delivery);
  }
}
