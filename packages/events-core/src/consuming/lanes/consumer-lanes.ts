import { runtime } from '../../runtime/runtime.js';
import type { ResolvedConsumerOptions } from '../types/consumer-options.js';
import type { Delivery } from '../types/delivery.js';
import type { LaneTask } from './lane-task.js';
import type { LaneWorker } from './lane-worker.js';

export interface ConsumerLanesOptions {
  readonly limits: Pick<
    ResolvedConsumerOptions,
    'drainTimeoutMs' | 'maxBufferedBytes' | 'maxBufferedEvents' | 'maxUnacknowledgedEvents'
  >;
  readonly createWorker: (lane: string) => LaneWorker;
  /** Called with deliveries in flight that did not end within `drainTimeoutMs`. */
  readonly onAbandoned: (deliveries: readonly Delivery[]) => void;
  /** Called when a lane has ended with deliveries that are finished behind an unfinished one. Must not reject. */
  readonly acknowledgeAhead: (lane: string, ordinals: readonly number[]) => Promise<void>;
}

/** The lanes of one consumer, each with its worker. A lane is created with its first delivery. */
export class ConsumerLanes {
  readonly #options: ConsumerLanesOptions;
  readonly #workers = new Map<string, LaneWorker>();

  constructor(options: ConsumerLanesOptions) {
    this.#options = options;
  }

  /** Passes each delivery to the worker of its lane. */
  accept(deliveries: readonly Delivery[]): void {
    for (const [lane, batch] of byLane(deliveries)) this.#worker(lane).push(batch);
  }

  /**
   * Drains a lane: resolves when what has started is finished and acknowledged, or aborted after `drainTimeoutMs`. The
   * lane gets a new worker if it is assigned again.
   */
  async drainOne(lane: string): Promise<void> {
    const worker = this.#workers.get(lane);
    if (worker === undefined) return;
    this.#workers.delete(lane);
    await this.#drain([[lane, worker]]);
  }

  /** Drains all lanes, within one `drainTimeoutMs`. */
  drainAll(): Promise<void> {
    return this.#drain([...this.#workers]);
  }

  /** Starts nothing more, and does not wait for what has started. */
  halt(): void {
    for (const worker of this.#workers.values()) void worker.drain();
  }

  /** What each lane must finish next in order to progress. */
  *tasks(): Generator<LaneTask & { readonly lane: string }> {
    for (const [lane, worker] of this.#workers) for (const task of worker.tasks) yield { lane, ...task };
  }

  /** How many deliveries of a lane wait to be processed. */
  waitingIn(lane: string): number {
    return this.#workers.get(lane)?.waiting ?? 0;
  }

  /** The size in bytes of the deliveries of a lane that are unfinished. */
  bytesIn(lane: string): number {
    return this.#workers.get(lane)?.bytes ?? 0;
  }

  /** Whether the lanes for which `counts` returns true together hold as much as they may. */
  isFull(counts: (lane: string) => boolean): boolean {
    const { maxBufferedBytes, maxBufferedEvents, maxUnacknowledgedEvents } = this.#options.limits;
    let [bytes, waiting, unacknowledged] = [0, 0, 0];
    for (const [lane, worker] of this.#workers) {
      if (!counts(lane)) continue;
      bytes += worker.bytes;
      waiting += worker.waiting;
      unacknowledged += worker.unacknowledged;
    }
    return (
      bytes >= maxBufferedBytes || waiting >= maxBufferedEvents || unacknowledged >= maxUnacknowledgedEvents
    );
  }

  #worker(lane: string): LaneWorker {
    const existing = this.#workers.get(lane);
    if (existing?.isAborted === false) return existing;
    const worker = this.#options.createWorker(lane);
    this.#workers.set(lane, worker);
    return worker;
  }

  async #drain(workers: readonly (readonly [lane: string, worker: LaneWorker])[]): Promise<void> {
    const { clock } = runtime();
    const finished = new AbortController();
    const late = clock.sleep(this.#options.limits.drainTimeoutMs, finished.signal).then(() => true);
    const running = workers.filter(([, worker]) => !worker.isAborted);
    const drained = Promise.all(running.map(([, worker]) => worker.drain())).then(() => false);
    const isLate = await Promise.race([drained, late]);
    finished.abort();
    const ahead = workers.map(([lane, worker]) => [lane, worker.takeFinishedAhead()] as const);
    if (isLate) this.#abortAll(running.map(([, worker]) => worker));
    const waiting = ahead.filter(([, ordinals]) => ordinals.length > 0);
    await Promise.all(waiting.map(([lane, ordinals]) => this.#options.acknowledgeAhead(lane, ordinals)));
  }

  #abortAll(workers: readonly LaneWorker[]): void {
    const abandoned = workers.flatMap((worker) => (worker.isAborted ? [] : worker.inFlight));
    for (const worker of workers) worker.abort();
    if (abandoned.length > 0) this.#options.onAbandoned(abandoned);
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
