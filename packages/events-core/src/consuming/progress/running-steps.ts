import type { Delivery } from '../types/delivery.js';

/** A step of the processing of one delivery that takes time. A step that starts again is another object. */
export interface RunningStep {
  /** `start`: it waits until it may go on after a back off. */
  readonly stage: 'start' | 'back-off' | 'decode' | 'receiver' | 'dead-letter';
  /** The name of the receiver that runs. */
  readonly receiver?: string;
  /** How long the step may take by its own rules, in milliseconds. @defaultValue `stallTimeoutMs` */
  readonly limitMs?: number;
}

/** The step that each delivery is in at the moment; none for a delivery whose steps are synchronous. */
export class RunningSteps {
  readonly #steps = new Map<Delivery, RunningStep>();

  started(delivery: Delivery, step: RunningStep): void {
    this.#steps.set(delivery, step);
  }

  ended(delivery: Delivery): void {
    this.#steps.delete(delivery);
  }

  /** Runs a step that ends with a promise. */
  async during<T>(delivery: Delivery, step: RunningStep, run: () => T | Promise<T>): Promise<T> {
    this.started(delivery, step);
    try {
      return await run();
    } finally {
      this.ended(delivery);
    }
  }

  /** The step of a delivery; undefined for none. */
  of(delivery: Delivery): RunningStep | undefined {
    return this.#steps.get(delivery);
  }
}
