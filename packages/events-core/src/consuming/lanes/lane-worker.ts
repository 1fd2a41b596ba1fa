import { Abandoned } from '../failures/abandoned.js';
import type { Delivery } from '../types/delivery.js';
import type { Outcome } from '../types/outcome.js';
import { AckBatches } from './ack-batches.js';
import type { SharedPeriod } from './exclusive-gate.js';
import { LaneEnd } from './lane-end.js';
import { LaneGateAccess } from './lane-gate-access.js';
import { type LaneTask, laneTasks } from './lane-task.js';
import { type LaneEntry, LaneWindow } from './lane-window.js';
import type { LaneWorkerOptions } from './lane-worker-options.js';
import { ProcessingSlots } from './processing-slots.js';
import { TimeSlice } from './time-slice.js';

/**
 * Processes the deliveries of one lane: those with the same key in order, others concurrently. An acknowledgement always
 * covers everything up to some delivery, so that no unfinished delivery is passed over.
 */
export class LaneWorker {
  readonly #options: LaneWorkerOptions;
  readonly #ending: LaneEnd;
  readonly #window: LaneWindow;
  readonly #slots: ProcessingSlots<SharedPeriod | undefined>;
  readonly #gateAccess: LaneGateAccess;
  readonly #acks: AckBatches;
  readonly #slice = new TimeSlice(() => this.#pump());
  #isPumping = false;
  #onIdle: (() => void)[] = [];

  constructor(options: LaneWorkerOptions) {
    this.#options = options;
    this.#window = new LaneWindow(options);
    this.#slots = new ProcessingSlots(options.concurrency);
    this.#ending = new LaneEnd(options.stopSignal);
    const { waitSignal } = this.#ending;
    this.#gateAccess = new LaneGateAccess({
      exclusive: options.exclusive,
      slots: this.#slots,
      waitSignal,
      lift: (entry) => this.#window.lift(entry),
      onBackOff: () => this.#acknowledge(), // finished events must not wait for one that backs off
      onChange: this.#pump,
    });
    // An acknowledgement holds neither a slot nor the gate, so it has nothing to leave while it backs off.
    this.#acks = new AckBatches({
      ackEvery: options.ackEvery,
      acknowledge: (ordinals) => options.acknowledge(ordinals, { waitSignal, backOff: (wait) => wait() }),
      onFailed: (error) => this.#onAckFailed(error),
      onSettled: () => this.#onAckSettled(),
    });
  }

  /** Whether this worker was aborted, so that a lane that is assigned again needs a new one. */
  get isAborted(): boolean {
    return this.#ending.isAborted;
  }

  /** How many deliveries wait to be processed, or back off. */
  get waiting(): number {
    return this.#window.unfinished - this.#slots.occupied;
  }

  /** The size of the messages of unfinished deliveries. */
  get bytes(): number {
    return this.#window.bytes;
  }

  /** How many deliveries are finished and cannot be acknowledged before older ones. */
  get unacknowledged(): number {
    return this.#window.finished;
  }

  /** The deliveries that have started and not ended. */
  get inFlight(): readonly Delivery[] {
    return this.#window.inFlight.map(({ delivery }) => delivery);
  }

  /** What must be finished next for the lane to progress. */
  get tasks(): readonly LaneTask[] {
    return this.isAborted ? [] : laneTasks(this.#window.oldest, this.#acks.inFlight);
  }

  push(deliveries: readonly Delivery[]): void {
    if (deliveries.length === 0 || this.#ending.isDraining) return;
    this.#ending.listenTo(deliveries[0]?.abortSignal, () => this.abort());
    for (const delivery of deliveries) this.#window.add(delivery);
    this.#pump();
  }

  /** Abandons what has not started or backs off. Resolves when the rest is finished and acknowledged. */
  async drain(): Promise<void> {
    this.#ending.drain();
    this.#abandonWaiting();
    this.#acknowledge();
    await new Promise<void>((resolve) => {
      this.#onIdle.push(resolve);
      this.#settle();
    });
    this.#ending.forget();
  }

  /** Removes and returns what is finished behind an unfinished delivery, in order; nothing for a lane that was aborted. */
  takeFinishedAhead(): readonly number[] {
    return this.isAborted ? [] : this.#window.takeFinished();
  }

  /** Aborts the receivers in flight. Nothing more is acknowledged. */
  abort(): void {
    this.#ending.abort();
    this.#abandonWaiting();
    this.#gateAccess.abandon(this.#window.inFlight);
  }

  /** Starts whatever may start. */
  readonly #pump = (): void => {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.#startNext());
    this.#isPumping = false;
  };

  /** @returns whether something was started, so that more may follow */
  #startNext(): boolean {
    if (!this.#slots.hasFree) return false;
    const isReturning = this.#slots.hasReturning;
    if (!isReturning && this.#ending.waitSignal.aborted) return false; // the lane ends: nothing else starts
    const entry = isReturning ? undefined : this.#nextEntry();
    const hasNext = isReturning || entry !== undefined;
    if (!hasNext) this.#makeWayForBarrier();
    if (!hasNext || !this.#slice.hasTime()) return false;
    const inside = entry?.isExclusive ? undefined : this.#gateAccess.enterShared();
    // A returning event of a lane that ends only finds out that it is abandoned: that needs no gate.
    if (inside === undefined && !entry?.isExclusive && !this.#ending.waitSignal.aborted) {
      if (this.#slots.occupied === 0) this.#acknowledge(); // an exclusive event may take long
      return false;
    }
    if (entry === undefined) this.#slots.returnNext(inside);
    else this.#start(entry, inside);
    return true;
  }

  /** The next event that may start; an exclusive one starts when every earlier one is acknowledged. */
  #nextEntry(): LaneEntry | undefined {
    if (this.#acks.isFull) return undefined;
    const isBarrierReady = this.#window.isBarrierNext && this.#acks.isEmpty;
    return this.#window.next() ?? (isBarrierReady ? this.#window.barrier : undefined);
  }

  /** Acknowledges what a waiting barrier waits for, and starts the time for which the events behind it wait. */
  #makeWayForBarrier(): void {
    const { barrier } = this.#window;
    if (this.#acks.isFull || barrier?.status !== 'waiting') return;
    this.#gateAccess.exclusiveEvent(barrier).startBudget();
    if (this.#slots.occupied === 0) this.#acknowledge();
  }

  #start(entry: LaneEntry, inside: SharedPeriod | undefined): void {
    entry.inside = inside;
    this.#window.start(entry);
    this.#slots.occupy();
    void this.#process(entry).then((outcome) => this.#end(entry, outcome));
  }

  /** Never throws or rejects: an error stops the consumer, and the delivery is abandoned. */
  async #process(entry: LaneEntry): Promise<Outcome> {
    try {
      this.#abortIfLost();
      if (this.isAborted) return 'abandoned';
      return await (entry.isExclusive ? this.#processExclusively(entry) : this.#handle(entry));
    } catch (error) {
      this.#abandonWaiting();
      this.#options.onFatal(error);
      return 'abandoned';
    }
  }

  async #processExclusively(entry: LaneEntry): Promise<Outcome> {
    await this.#gateAccess.exclusiveEvent(entry).enter();
    this.#abortIfLost();
    if (this.#ending.waitSignal.aborted) return 'abandoned';
    return this.#handle(entry);
  }

  #handle(entry: LaneEntry): Promise<Outcome> {
    return this.#options.handler.handle(entry.delivery, {
      abortSignal: this.#ending.abortSignal,
      waitSignal: this.#ending.waitSignal,
      isCrashing: entry.isCrashing,
      backOff: async (wait) => {
        await this.#gateAccess.backOff(entry, wait);
        this.#abortIfLost();
      },
    });
  }

  #abortIfLost(): void {
    if (!this.#options.mayHandle()) this.abort();
  }

  #end(entry: LaneEntry, outcome: Outcome): void {
    const status = outcome === 'abandoned' || this.isAborted ? 'abandoned' : 'finished';
    this.#slots.free();
    this.#acks.add(this.#window.end(entry, status));
    const isBusy = this.#slots.occupied > 0 || this.#window.hasReady;
    if (!isBusy || this.#ending.isDraining || this.#acks.isDue) this.#acknowledge();
    this.#gateAccess.leaveGate(entry);
    if (entry !== this.#window.barrier) entry.exclusive?.end(); // the barrier keeps the gate until it is acknowledged
    this.#options.onDone();
    this.#settle();
    this.#pump();
  }

  #acknowledge(): void {
    if (!this.isAborted) this.#acks.send();
  }

  #onAckFailed(error: unknown): void {
    this.#abandonWaiting();
    this.#window.clear(); // later deliveries must be delivered again with it
    if (!(error instanceof Abandoned)) this.#options.onFatal(error);
  }

  #onAckSettled(): void {
    if (this.#slots.occupied === 0 || this.#ending.isDraining || this.#acks.isDue) this.#acknowledge();
    this.#settle();
    this.#pump();
  }

  #settle(): void {
    if (this.#slots.running > 0 || !this.#acks.isIdle) return;
    const { barrier, hasReady, isBarrierNext } = this.#window;
    if (barrier !== undefined && barrier.status !== 'waiting') {
      this.#window.lift(barrier);
      barrier.exclusive?.end();
    } else if (!hasReady && !isBarrierNext && !this.#ending.waitSignal.aborted) {
      this.#window.clear(); // only abandoned deliveries are left, and those behind them
    }
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  #abandonWaiting(): void {
    this.#window.abandonWaiting();
    this.#options.onDone();
  }
}
