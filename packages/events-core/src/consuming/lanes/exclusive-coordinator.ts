import { runtime } from '../../runtime/runtime.js';
import type { Delivery } from '../types/delivery.js';
import { ExclusiveGate } from './exclusive-gate.js';

export interface ExclusiveCoordinatorOptions {
  /** How long others wait for one event. */
  readonly timeoutMs: number;
  /** The bus's hook; see `EventBusConsumer.countExclusive`. */
  readonly countExclusive: (lane: string, ordinal: number, isProcessing: boolean) => void | Promise<void>;
}

/** What the exclusive events of one consumer share: the gate, the delivery counts of the bus, and what health reports. */
export class ExclusiveCoordinator {
  readonly gate = new ExclusiveGate();
  readonly timeoutMs: number;
  readonly #countExclusive: ExclusiveCoordinatorOptions['countExclusive'];
  /** Why an event is reported, by the event. */
  readonly #reported = new Map<Delivery, string>();
  #hasCountFailed = false;

  constructor({ timeoutMs, countExclusive }: ExclusiveCoordinatorOptions) {
    this.timeoutMs = timeoutMs;
    this.#countExclusive = countExclusive;
  }

  /** The events that are processed exclusively, or that took longer than others may wait, for `health()`. */
  get reasons(): readonly string[] {
    return Array.from(this.#reported, ([{ lane, position }, why]) => `${lane} at ${position}: ${why}`);
  }

  /** Whether `reasons` has any, so that it is known why other events do not start. */
  get isReporting(): boolean {
    return this.#reported.size > 0;
  }

  /** Reports an event that has the gate for itself. The process may not live to finish it, so a repetition is logged. */
  reportExclusive(delivery: Delivery, isRepeated: boolean): void {
    const { lane, position, deliveryCount } = delivery;
    this.#reported.set(
      delivery,
      `delivery ${deliveryCount} of an event that may crash the process; the other lanes wait for it`,
    );
    if (!isRepeated) return;
    runtime().logger.warn(
      { lane, position, deliveryCount },
      'the process died while only this event was being processed: it is processed exclusively again',
    );
  }

  /** Reports an event for which others do not wait any longer. */
  reportLate(delivery: Delivery): void {
    const { lane, position, deliveryCount } = delivery;
    const { timeoutMs } = this;
    this.#reported.set(
      delivery,
      `others waited ${timeoutMs} ms for its exclusive processing (exclusiveTimeoutMs); it goes on concurrently, and this delivery is not counted`,
    );
    runtime().logger.warn(
      { lane, position, deliveryCount, timeoutMs },
      'exclusive processing exceeded exclusiveTimeoutMs: the event goes on concurrently, and this delivery is not counted',
    );
  }

  /** Ends what was reported of an event. */
  clear(delivery: Delivery): void {
    this.#reported.delete(delivery);
  }

  /** Counts the delivery of an event, or takes its count back. Never rejects: counting must not hold up processing. */
  async count({ lane, ordinal }: Delivery, isProcessing: boolean): Promise<void> {
    try {
      await this.#countExclusive(lane, ordinal, isProcessing);
    } catch (error) {
      if (this.#hasCountFailed) return;
      this.#hasCountFailed = true;
      runtime().logger.warn(
        { err: error, lane },
        'delivery counts cannot be written: an event that crashes the process each time may not be dead-lettered (logged once)',
      );
    }
  }
}
