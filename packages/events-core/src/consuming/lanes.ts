import { runtime } from '../runtime/runtime.js';
import type { ResolvedConsumerOptions } from './consumer-options.js';
import type { Delivery } from './delivery.js';
import type { LaneWorker } from './lane-worker.js';

export interface LanesOptions
  extends Pick<ResolvedConsumerOptions, 'drainTimeoutMs' | 'maxBufferedEvents' | 'maxUnacknowledgedEvents'> {
  readonly createWorker: (lane: string) => LaneWorker;
}

/** The lanes that a consumer has been given deliveries of, each with its worker. */
export class Lanes {
  readonly #options: LanesOptions;
  readonly #workers = new Map<string, LaneWorker>();

  constructor(options: LanesOptions) {
    this.#options = options;
  }

  /** Hands each delivery to the worker of its lane. */
  accept(deliveries: readonly Delivery[]): void {
    for (const [lane, batch] of byLane(deliveries)) this.#worker(lane).push(batch);
  }

  /** Drains a lane that goes to another member; should it come again, it begins anew. */
  async drainOne(lane: string): Promise<void> {
    const worker = this.#workers.get(lane);
    if (worker === undefined) return;
    this.#workers.delete(lane);
    await this.#drain([worker]);
  }

  drainAll(): Promise<void> {
    return this.#drain([...this.#workers.values()]);
  }

  /** Lets nothing more begin, at once; does not wait. */
  halt(): void {
    for (const worker of this.#workers.values()) void worker.drain();
  }

  /** How many deliveries wait in a lane. */
  waitingIn(lane: string): number {
    return this.#workers.get(lane)?.waiting ?? 0;
  }

  /** Whether the lanes that count hold as much as they may together. */
  isFull(counts: (lane: string) => boolean): boolean {
    const { maxBufferedEvents, maxUnacknowledgedEvents } = this.#options;
    let [waiting, unacknowledged] = [0, 0];
    for (const [lane, worker] of this.#workers) {
      if (!counts(lane)) continue;
      waiting += worker.waiting;
      unacknowledged += worker.unacknowledged;
    }
    return waiting >= maxBufferedEvents || unacknowledged >= maxUnacknowledgedEvents;
  }

  #worker(lane: string): LaneWorker {
    const existing = this.#workers.get(lane);
    if (existing?.isAborted === false) return existing;
    const worker = this.#options.createWorker(lane);
    this.#workers.set(lane, worker);
    return worker;
  }

  /** Waits until what has begun is finished and acknowledged; what takes longer than it may is aborted. */
  async #drain(workers: readonly LaneWorker[]): Promise<void> {
    const { clock } = runtime();
    const finished = new AbortController();
    const late = clock.sleep(this.#options.drainTimeoutMs, finished.signal).then(() => {
      if (!finished.signal.aborted) for (const worker of workers) worker.abort();
    });
    const inHand = workers.filter((worker) => !worker.isAborted);
    await Promise.race([Promise.all(inHand.map((worker) => worker.drain())), late]);
    finished.abort();
  }
}

function byLane(deliveries: readonly Delivery[]): ReadonlyMap<string, readonly Delivery[]> {
  const batches = new Map<string, Delivery[]>();
  for (const delivery of deliveries) {
    const batch = batches.get(delivery.lane);
    if (batch === undefined) batches.set(delivery.lane, [delivery]);
    else batch.push(delivery);
  }
  return batches;
}
