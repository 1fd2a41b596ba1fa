import { Abandoned } from './availability.js';
import type { Delivery } from './delivery.js';
import type { Outcome } from './delivery-handler.js';

export interface LaneWorkerOptions {
  readonly ackEvery: number;
  readonly handle: (delivery: Delivery, abortSignal: AbortSignal) => Promise<Outcome>;
  /** Asked before each delivery; with a no, everything in hand is abandoned. */
  readonly mayHandle?: () => boolean;
  readonly acknowledge: (ordinals: readonly number[], abortSignal: AbortSignal) => void | Promise<void>;
  /** Called when a delivery was dealt with or let go. */
  readonly onDone: () => void;
  /** Called with what must end the consumer. */
  readonly onFatal: (error: unknown) => void;
}

/**
 * Handles the deliveries of one lane strictly one after another, and acknowledges them in groups: after `ackEvery`,
 * and whenever none waits.
 */
export class LaneWorker {
  readonly #options: LaneWorkerOptions;
  readonly #abort = new AbortController();
  #laneSignal: AbortSignal | undefined;
  #queue: Delivery[] = [];
  #handled: number[] = [];
  #running: Promise<void> | undefined;

  constructor(options: LaneWorkerOptions) {
    this.#options = options;
  }

  /** Whether this worker was aborted, so that a lane that came back needs a new one. */
  get isAborted(): boolean {
    return this.#abort.signal.aborted;
  }

  /** How many deliveries wait to be handled. */
  get size(): number {
    return this.#queue.length;
  }

  push(deliveries: readonly Delivery[]): void {
    if (deliveries.length === 0) return;
    const laneSignal = deliveries[0]?.abortSignal;
    if (laneSignal !== undefined && laneSignal !== this.#laneSignal) {
      this.#laneSignal = laneSignal;
      if (laneSignal.aborted) this.abort();
      laneSignal.addEventListener('abort', () => this.abort(), { once: true, signal: this.#abort.signal });
    }
    this.#queue.push(...deliveries);
    this.#running ??= this.#run();
  }

  /** Lets go of what has not begun, finishes and acknowledges what has; resolves when nothing is in hand. */
  async drain(): Promise<void> {
    this.#letGo();
    await this.#running;
  }

  /** Tells the receivers in hand that their result is no longer wanted; nothing more is acknowledged. */
  abort(): void {
    this.#abort.abort();
    this.#letGo();
  }

  async #run(): Promise<void> {
    try {
      for (let delivery = this.#queue.shift(); delivery !== undefined; delivery = this.#queue.shift()) {
        await this.#handleOne(delivery);
        const isGroupFull = this.#handled.length >= this.#options.ackEvery;
        if (isGroupFull || this.#queue.length === 0) await this.#acknowledge();
      }
    } catch (error) {
      this.#letGo();
      await this.#acknowledge().catch(() => {}); // what was handled before is; a failure here only means it comes again
      if (!(error instanceof Abandoned)) this.#options.onFatal(error);
    } finally {
      this.#running = undefined;
    }
  }

  async #handleOne(delivery: Delivery): Promise<void> {
    try {
      if (this.#options.mayHandle?.() === false) this.abort();
      if (this.isAborted) return;
      const outcome = await this.#options.handle(delivery, this.#abort.signal);
      if (outcome === 'abandoned') this.#letGo();
      else if (!this.isAborted) this.#handled.push(delivery.ordinal);
    } finally {
      this.#options.onDone();
    }
  }

  async #acknowledge(): Promise<void> {
    const ordinals = this.#handled;
    if (ordinals.length === 0 || this.isAborted) return;
    this.#handled = [];
    await this.#options.acknowledge(ordinals, this.#abort.signal);
  }

  /** An abandoned delivery comes again, so those behind it must come again after it. */
  #letGo(): void {
    this.#queue = [];
    this.#options.onDone();
  }
}
