import { setMaxListeners } from 'node:events';
import { backOff, deferred, runtime, unlessAborted } from '@openedx-ts/events-core/bus';
import type { HeldLease } from './held-lease.js';
import { Periodic } from './periodic.js';
import { purgePublished } from './purge-published.js';
import type { RelayContext } from './relay-context.js';
import { reportState } from './report-state.js';
import { SettledHorizon } from './settled-horizon.js';
import { TopicReaders } from './topic-readers.js';

/** What a relay does while it holds the lease: it looks for topics with pending entries, and wakes their readers. */
export class RelaySession {
  readonly #context: RelayContext;
  readonly #lease: HeldLease;
  readonly #horizon = new SettledHorizon();
  readonly #readers: TopicReaders;
  readonly #ending = new AbortController();
  readonly #horizonDue = new Periodic(HORIZON_EVERY_MS);
  readonly #sweepDue = new Periodic(SWEEP_EVERY_MS);
  readonly #stateDue = new Periodic(STATE_EVERY_MS);
  readonly #purgeDue = new Periodic(PURGE_EVERY_MS);
  #recoveries: number;
  #nudged = deferred();
  readonly #background = new Set<Promise<unknown>>();

  constructor(context: RelayContext, lease: HeldLease) {
    this.#context = context;
    this.#lease = lease;
    this.#recoveries = context.database.recoveries;
    const stopSignal = this.#ending.signal;
    setMaxListeners(0, stopSignal); // one for each topic that backs off
    this.#readers = new TopicReaders({ context, lease, horizon: this.#horizon, stopSignal });
  }

  /** Why topics are not published now, at most ten reasons. */
  get problems(): readonly string[] {
    return this.#readers.problems;
  }

  /** Looks for pending entries at once. */
  nudge(): void {
    this.#nudged.resolve();
  }

  /** Publishes until the lease is lost or the stop signal fires; resolves when nothing is in flight. */
  async run(stopSignal: AbortSignal): Promise<void> {
    const { signal: ending } = this.#ending;
    const end = () => this.#ending.abort();
    const signals = [this.#lease.signal, stopSignal];
    for (const signal of signals) {
      if (signal.aborted) end();
      signal.addEventListener('abort', end);
    }
    for (let failedTries = 0; !ending.aborted; ) {
      try {
        this.#nudged = deferred();
        const looking = this.#look();
        this.#inBackground(looking);
        await unlessAborted(ending, looking);
        failedTries = 0;
        await this.#untilNextLook();
      } catch {
        failedTries += 1; // `RelayDatabase` has logged the error
        await backOff(failedTries, { initialMs: 100, maxMs: 1_000 }, ending);
      }
    }
    for (const signal of signals) signal.removeEventListener('abort', end);
    await this.#drain();
  }

  async #look(): Promise<void> {
    const { database, store } = this.#context;
    const { signal: ending } = this.#ending;
    const { floors } = this.#readers; // a sweep lowers them
    this.#sweepIfDue();
    this.#readers.wake(await database.run('find topics', (db) => store.topics(db, this.#readers.floors)));
    if (!ending.aborted && this.#horizonDue.isDue()) {
      await this.#horizon.advance(() => database.run('find held lanes', (db) => store.heldLanes(db)));
      this.#readers.catchUp();
    }
    if (ending.aborted) return;
    if (this.#stateDue.isDue()) this.#inBackground(reportState(this.#context, floors));
    if (this.#purgeDue.isDue()) this.#inBackground(purgePublished(this.#context, ending));
  }

  /** An entry may have come to a position that was passed: restored, inserted by hand, or by a writer that locks no lane. */
  #sweepIfDue(): void {
    const { recoveries } = this.#context.database;
    const isReconnected = recoveries !== this.#recoveries;
    this.#recoveries = recoveries;
    if (isReconnected) this.#horizon.reset(); // another server may draw positions again
    if (this.#sweepDue.isDue() || isReconnected) this.#readers.sweep({ must: isReconnected });
  }

  /** What a stop waits for. `RelayDatabase` logs its errors. */
  #inBackground(work: Promise<void>): void {
    const done = () => this.#background.delete(ended);
    const ended: Promise<unknown> = work.then(done, done);
    this.#background.add(ended);
  }

  /** Waits for a nudge, which ends the wait at once. Many nudges do not make a look each. */
  async #untilNextLook(): Promise<void> {
    const { clock } = runtime();
    const { signal } = this.#ending;
    const { pollIntervalMs } = this.#context.options;
    await clock.sleep(Math.min(MIN_GAP_MS, pollIntervalMs), signal);
    const done = new AbortController();
    const end = () => done.abort();
    if (signal.aborted) end();
    signal.addEventListener('abort', end);
    const rest = clock.sleep(Math.max(0, pollIntervalMs - MIN_GAP_MS), done.signal);
    await Promise.race([this.#nudged.promise, rest]);
    signal.removeEventListener('abort', end);
    end();
  }

  /** What does not end after the lease is lost is left behind: it starts no further batch. */
  async #drain(): Promise<void> {
    const drained = new AbortController();
    const lost = new Promise<void>((resolve) => {
      const { signal } = this.#lease;
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true, signal: drained.signal });
    });
    const tooLate = lost.then(() => runtime().clock.sleep(LEFT_BEHIND_AFTER_MS, drained.signal));
    await Promise.race([Promise.all([this.#readers.ended, ...this.#background]), tooLate]);
    drained.abort();
  }
}

/** At most so often for many nudges. */
const MIN_GAP_MS = 10;
const HORIZON_EVERY_MS = 1_000;
const SWEEP_EVERY_MS = 10_000;
const STATE_EVERY_MS = 10_000;
const PURGE_EVERY_MS = 60_000;
const LEFT_BEHIND_AFTER_MS = 1_000;
