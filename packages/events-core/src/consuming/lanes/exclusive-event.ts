import type { Delivery } from '../types/delivery.js';
import { FIRST_EXCLUSIVE_DELIVERY } from '../types/first-exclusive-delivery.js';
import type { ExclusiveCoordinator } from './exclusive-coordinator.js';
import type { ExclusiveRequest, SharedPeriod } from './exclusive-gate.js';
import { WaitBudget } from './wait-budget.js';

export interface ExclusiveEventOptions {
  readonly delivery: Delivery;
  /** Whether it is dead-lettered without running its receivers, so that its delivery is not counted. */
  readonly isCrashing: boolean;
  readonly processing: ExclusiveCoordinator;
  /** Fires when it makes no sense to wait for the gate any longer. */
  readonly waitSignal: AbortSignal;
  /** Called when others have waited long enough: the event is an ordinary one from now on, inside the gate or not. */
  readonly onConcurrent: (inside: SharedPeriod | undefined) => void;
}

/** An event that is processed exclusively: its request to the gate, its delivery count, and how long others wait for it. */
export class ExclusiveEvent {
  readonly #options: ExclusiveEventOptions;
  readonly #budget: WaitBudget;
  #request: ExclusiveRequest | undefined;
  #isCounted = false;
  /** Counts are written one after another. */
  #counting: Promise<void> = Promise.resolve();
  /** Whether it is exclusive no longer: it has become an ordinary event, or its processing is over. */
  #isOver = false;

  constructor(options: ExclusiveEventOptions) {
    this.#options = options;
    this.#budget = new WaitBudget(options.processing.timeoutMs, () => void this.#exceed());
  }

  /** Later events of the lane wait for it from now on. */
  startBudget(): void {
    if (!this.#isOver) this.#budget.start();
  }

  /** Resolves when nothing else of the consumer is in flight and the delivery is counted; or when that was abandoned. */
  async enter(): Promise<void> {
    const { delivery, isCrashing, processing, waitSignal } = this.#options;
    if (this.#isOver || waitSignal.aborted) return;
    this.#budget.stop(); // others wait for those whose requests are earlier
    const request = processing.gate.requestExclusive(() => this.#budget.start());
    this.#request = request;
    waitSignal.addEventListener('abort', request.leave, { once: true });
    const isAlone = await request.entered;
    waitSignal.removeEventListener('abort', request.leave);
    if (this.#isOver || waitSignal.aborted) return;
    if (!isAlone) return this.#becomeConcurrent();
    processing.reportExclusive(delivery, delivery.deliveryCount > FIRST_EXCLUSIVE_DELIVERY);
    if (isCrashing) return;
    this.#isCounted = true;
    await this.#count(true);
  }

  /** Waits outside the gate and without a count. The later events of its lane go on waiting. */
  async backOff(wait: () => Promise<void>): Promise<void> {
    await this.#uncount();
    if (!this.#isOver) {
      this.#request?.leave();
      this.#request = undefined;
      this.#options.processing.clear(this.#options.delivery);
    }
    await wait();
    await this.enter();
  }

  /**
   * Leaves the gate for good: the event is acknowledged or abandoned. Safe to call twice. A count stays: of an abandoned
   * event the bus takes it back when it leaves the group gracefully (`EventBusConsumer.leave`, `drainLane`).
   */
  end(): void {
    this.#isOver = true;
    this.#budget.stop();
    this.#request?.leave();
    this.#options.processing.clear(this.#options.delivery);
  }

  async #exceed(): Promise<void> {
    await this.#uncount();
    if (this.#isOver) return;
    this.#options.processing.reportLate(this.#options.delivery);
    this.#becomeConcurrent();
  }

  #becomeConcurrent(): void {
    this.#isOver = true;
    this.#budget.stop();
    this.#options.onConcurrent(this.#request?.share());
  }

  /** Resolves when this delivery is not counted (any more). */
  async #uncount(): Promise<void> {
    if (!this.#isCounted) return this.#counting;
    this.#isCounted = false;
    await this.#count(false);
  }

  #count(isProcessing: boolean): Promise<void> {
    const { processing, delivery } = this.#options;
    this.#counting = this.#counting.then(() => processing.count(delivery, isProcessing));
    return this.#counting;
  }
}
