import { type BackoffOptions, backOff, FailureLog, reasonOf, runtime } from '@openedx-ts/events-core/bus';
import type { HeldLease } from './held-lease.js';
import { type PreparedBatch, prepareBatch } from './prepare-batch.js';
import { type BatchOutcome, type FailedEntry, publishBatch } from './publish-batch.js';
import type { RelayContext } from './relay-context.js';
import { removeSettled } from './remove-settled.js';
import type { SettledHorizon } from './settled-horizon.js';
import type { Slots } from './slots.js';
import { TopicWindow } from './topic-window.js';

/** What the readers of all topics share. */
export interface TopicReaderOptions {
  readonly context: RelayContext;
  readonly lease: HeldLease;
  readonly horizon: SettledHorizon;
  /** Fires when no further batch may start. */
  readonly stopSignal: AbortSignal;
  /** Topics that read and publish at the same time. */
  readonly slots: Slots;
  /** The same of topics that the bus does not accept now, so that these block no others. */
  readonly probes: Slots;
}

/**
 * Publishes the entries of one topic in their order. While a batch is published, the next is read and decoded, and the
 * one before is removed: at most two batches are in memory, and as many are published twice when the process dies. A
 * topic that the bus does not accept backs off without limit, and is tried with one entry at a time.
 */
export class TopicReader {
  readonly topic: string;
  readonly #window = new TopicWindow();
  readonly #options: TopicReaderOptions;
  readonly #failures: FailureLog;
  #running: Promise<void> | undefined;
  #isWanted = false;
  #failedTries = 0;
  #problem: string | undefined;
  /** By the monotonic clock. */
  #nextSweepAt = 0;
  /** When the batch in flight was sent, by the monotonic clock. */
  #sentAt: number | undefined;

  constructor(topic: string, options: TopicReaderOptions) {
    this.topic = topic;
    this.#options = options;
    this.#failures = new FailureLog({
      failing:
        'events of a topic are not published; they wait in the outbox, later events of the topic behind them, and are sent again',
      recovered: 'events of the topic are published again',
      facts: { topic },
    });
  }

  /** Why the topic is not published now; undefined when it is. */
  get problem(): string | undefined {
    if (this.#problem !== undefined || this.#sentAt === undefined) return this.#problem;
    const waitedMs = runtime().clock.monotonic() - this.#sentAt;
    if (waitedMs < SLOW_MS) return undefined;
    return `topic ${this.topic}: the bus has not answered for ${Math.floor(waitedMs / 1_000)} s`;
  }

  /** Nothing is pending at this position and before it. */
  get floor(): bigint {
    return this.#isHoldingKeys ? 0n : this.#window.floor;
  }

  get isIdle(): boolean {
    return this.#running === undefined;
  }

  /** Resolves when nothing is in flight. */
  get ended(): Promise<void> {
    return this.#running ?? Promise.resolve();
  }

  /** Reads until nothing is pending. */
  wake(): void {
    this.#isWanted = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#isWanted && this.#mayStart()) this.wake(); // called since the last read
    });
  }

  /** Reads again if that raises the floor over deleted entries. */
  catchUp(): void {
    if (this.isIdle && this.#window.isBehind(this.#options.horizon.position)) this.wake();
  }

  /**
   * Reads again from the first entry. It may take seconds while the database keeps deleted rows, so it does nothing while
   * the last one is less than twenty times its own duration ago, unless it must.
   */
  sweep({ must }: { readonly must: boolean }): void {
    if (!must && runtime().clock.monotonic() < this.#nextSweepAt) return;
    this.#window.forget();
    this.wake();
  }

  /** Entries that were held become pending at their own positions. */
  get #isHoldingKeys(): boolean {
    return this.#options.context.options.whenParked === 'hold-key';
  }

  async #run(): Promise<void> {
    const { slots, probes, stopSignal } = this.#options;
    while (this.#isWanted && this.#mayStart()) {
      this.#isWanted = false;
      const slot = this.#failedTries === 0 ? slots : probes;
      await slot.acquire();
      try {
        if (this.#mayStart()) await this.#publishPending();
      } catch (error) {
        this.#fail(error);
      } finally {
        slot.release();
      }
      if (this.#failedTries > 0) await backOff(this.#failedTries, BACKOFF, stopSignal);
    }
  }

  #mayStart(): boolean {
    const { lease, stopSignal } = this.#options;
    return lease.isHeld && !stopSignal.aborted;
  }

  /** Publishes batches until nothing is pending, an entry was not accepted, or another topic waits for the slot. */
  async #publishPending(): Promise<void> {
    let next: Promise<PreparedBatch> | undefined = this.#read();
    let removal: Promise<void> | undefined;
    try {
      while (next !== undefined && this.#mayStart()) {
        const batch = await next;
        const { entries } = batch;
        next = undefined;
        if (entries.length === 0) this.#works(); // what was refused may have been deleted
        if (entries.length === 0 || !this.#mayStart()) break;
        const isLast = this.#failedTries > 0 || this.#options.slots.isWanted;
        if (!isLast) next = handled(this.#read());
        const outcome = await this.#publish(batch);
        await removal;
        removal = handled(this.#settle(outcome));
        const isWhole = outcome.accepted.length === entries.length;
        if (isLast || !isWhole) this.#isWanted = true;
        if (!isWhole) break; // what was read behind it may be of the same keys
      }
      await removal;
    } finally {
      await Promise.allSettled([next, removal]);
      this.#window.release();
    }
  }

  async #read(): Promise<PreparedBatch> {
    const { context, horizon } = this.#options;
    const { store, database, options } = context;
    const settled = horizon.position;
    const read = this.#window.startRead();
    const startedAt = runtime().clock.monotonic();
    const entries = await database.run('read entries', (db) =>
      store.readPending(db, {
        topic: this.topic,
        after: this.#isHoldingKeys ? 0n : read.after,
        except: read.except,
        maxRows: this.#failedTries > 0 ? 1 : options.maxBatchRows,
        maxBytes: options.maxBatchBytes,
        holdParkedKeys: this.#isHoldingKeys,
      }),
    );
    const now = runtime().clock.monotonic();
    if (read.isSweep) this.#nextSweepAt = now + SWEEP_PAUSE * (now - startedAt);
    this.#window.add(read, entries, settled);
    horizon.saw(entries);
    return prepareBatch(context, entries);
  }

  async #publish(batch: PreparedBatch): Promise<BatchOutcome> {
    const { context, lease } = this.#options;
    const sentAt = runtime().clock.monotonic();
    const attempt = this.#failedTries + 1;
    this.#sentAt = sentAt;
    const publishing = publishBatch(context, batch, { attempt, abortSignal: lease.signal });
    const outcome = await publishing.finally(() => {
      this.#sentAt = undefined;
    });
    const durationMs = runtime().clock.monotonic() - sentAt;
    const count = outcome.accepted.length;
    if (count > 0) {
      runtime().telemetry.record({ type: 'outbox.published', topic: this.topic, count, durationMs });
    }
    if (outcome.problem !== undefined && this.#mayStart()) this.#fail(outcome.problem);
    else if (count > 0 || outcome.parked.length > 0) this.#works();
    return outcome;
  }

  async #settle(outcome: BatchOutcome): Promise<void> {
    const { context, lease } = this.#options;
    logParked(this.topic, outcome.parked);
    await removeSettled(context, this.topic, outcome, lease.signal);
    this.#window.removed(outcome.accepted.map(({ position }) => position));
    this.#window.removed(outcome.parked.map(({ position }) => position));
  }

  #fail(error: unknown): void {
    this.#isWanted = true;
    this.#failedTries += 1;
    if (this.#options.context.database.hasThrown(error)) return; // it is logged, and in health, already
    this.#problem = `topic ${this.topic}: ${reasonOf(error)}`;
    this.#failures.failed(error);
  }

  #works(): void {
    this.#failedTries = 0;
    this.#problem = undefined;
    this.#failures.recovered();
  }
}

/** One entry for a batch. */
function logParked(topic: string, parked: readonly FailedEntry[]): void {
  const [first] = parked;
  if (first === undefined) return;
  const { error, eventType, eventId, position } = first;
  runtime().logger.error(
    { err: error, topic, eventType, eventId, position: String(position), count: parked.length },
    'events of the outbox were parked, because the bus will never accept them as they are: look at them with "openedx-events outbox show", then redrive or discard them',
  );
}

/** A bus that takes longer for a batch is shown in health. */
const SLOW_MS = 5_000;

/** So many times longer than a sweep is the pause after it. */
const SWEEP_PAUSE = 20;

const BACKOFF: BackoffOptions = { initialMs: 100, maxMs: 1_000 };

/** Its rejection is handled later. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
