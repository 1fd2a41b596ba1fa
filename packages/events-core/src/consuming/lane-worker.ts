import { setMaxListeners } from 'node:events';
import { settings } from '../runtime/settings.js';
import { Abandoned } from './availability.js';
import type { Delivery } from './delivery.js';
import type { Outcome } from './delivery-handler.js';
import type { Turn } from './turn.js';

export interface LaneWorkerOptions {
  readonly ackEvery: number;
  /** Deliveries after which an event at the head of what comes again is a suspect. */
  readonly maxDeliveries: number;
  /** Deliveries that are handled at once; those that rest do not count. */
  readonly concurrency: number;
  /** What keeps its order: deliveries of one key are handled one after another. */
  readonly keyOf: (delivery: Delivery) => string;
  /** Fires when the consumer stops: waits end. */
  readonly stopSignal: AbortSignal;
  readonly handle: (delivery: Delivery, turn: Turn) => Outcome | Promise<Outcome>;
  /** Asked before each delivery; with a no, everything in hand is abandoned. */
  readonly mayHandle?: () => boolean;
  readonly acknowledge: (ordinals: readonly number[], turn: Turn) => void | Promise<void>;
  /** Called when a delivery was dealt with or let go. */
  readonly onDone: () => void;
  /** Called with what must end the consumer. */
  readonly onFatal: (error: unknown) => void;
}

/**
 * From so many deliveries on, or from `maxDeliveries` on if that is less, an event is handled alone and acknowledged at
 * once: the process may not survive it.
 */
const CAREFUL_FROM = 3;

/** How long deliveries are handled without a pause for whatever else the process has to do, such as heartbeats. */
const MOST_BUSY_MS = 20;

/**
 * Handles the deliveries of one lane: those of one key in order, different keys at once up to `concurrency`. What
 * is acknowledged is always everything up to some delivery, so that nothing unfinished is ever passed over; in groups of
 * `ackEvery`, and whenever there is nothing else to do.
 */
export class LaneWorker {
  readonly #options: LaneWorkerOptions;
  readonly #abort = new AbortController();
  readonly #drain = new AbortController();
  readonly #turn: Turn;
  #laneSignal: AbortSignal | undefined;
  /** Everything from the oldest delivery that is not finished, in order. */
  #window: Entry[] = [];
  /** Those that may begin. */
  #ready: Entry[] = [];
  /** Behind the delivery of each key that is ready or in hand: those that come after it. */
  readonly #behind = new Map<string, Entry[]>();
  #running = 0;
  #isPumping = false;
  #pauseAt = settings().clock.monotonic() + MOST_BUSY_MS;
  #resting = 0;
  #careful = 0;
  #wasCareful = false;
  /** Continues those that have rested enough. */
  readonly #awake: (() => void)[] = [];
  #finished: number[] = [];
  #beingAcknowledged = 0;
  #acknowledging: Promise<void> | undefined;
  #idle: (() => void)[] = [];

  constructor(options: LaneWorkerOptions) {
    this.#options = options;
    const waitSignal = AbortSignal.any([this.#abort.signal, this.#drain.signal, options.stopSignal]);
    setMaxListeners(0, waitSignal); // all that rest listen to it
    const rest = (wait: () => Promise<void>) => this.#rest(wait);
    this.#turn = { abortSignal: this.#abort.signal, waitSignal, isSuspect: false, rest };
  }

  /** Whether this worker was aborted, so that a lane that came back needs a new one. */
  get isAborted(): boolean {
    return this.#abort.signal.aborted;
  }

  /** How many deliveries are here and not in hand: they wait or rest, or cannot be acknowledged before others. */
  get size(): number {
    return this.#window.length - (this.#running - this.#resting);
  }

  push(deliveries: readonly Delivery[]): void {
    if (deliveries.length === 0) return;
    this.#listenTo(deliveries[0]?.abortSignal);
    for (const delivery of deliveries) this.#admit(delivery);
    this.#pump();
  }

  /** Lets go of what has not begun or waits, finishes and acknowledges the rest; resolves when nothing is in hand. */
  async drain(): Promise<void> {
    this.#drain.abort();
    this.#letGo();
    this.#acknowledge();
    if (!this.#isIdle) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Tells the receivers in hand that their result is no longer wanted; nothing more is acknowledged. */
  abort(): void {
    this.#abort.abort();
    this.#letGo();
  }

  get #isIdle(): boolean {
    return this.#running === 0 && this.#acknowledging === undefined;
  }

  #listenTo(laneSignal: AbortSignal | undefined): void {
    if (laneSignal === undefined || laneSignal === this.#laneSignal) return;
    this.#laneSignal = laneSignal;
    if (laneSignal.aborted) this.abort();
    laneSignal.addEventListener('abort', () => this.abort(), { once: true, signal: this.#abort.signal });
  }

  #admit(delivery: Delivery): void {
    const { maxDeliveries } = this.#options;
    const isCareful = delivery.deliveryCount >= Math.min(CAREFUL_FROM, maxDeliveries);
    // Everything before it was acknowledged one by one, so the first that comes again was in hand when the process died.
    const isSuspect = isCareful && !this.#wasCareful && delivery.deliveryCount > maxDeliveries;
    const key = this.#options.keyOf(delivery);
    const entry: Entry = { delivery, key, isCareful, isSuspect, status: 'waiting' };
    this.#wasCareful = isCareful;
    if (isCareful) this.#careful += 1;
    this.#window.push(entry);
    const behind = this.#behind.get(key);
    if (behind !== undefined) behind.push(entry);
    else {
      this.#behind.set(key, []);
      this.#ready.push(entry);
    }
  }

  /** Those that have rested go first: they are the older ones. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    const { clock } = settings();
    while (this.#hasSlot) {
      if (clock.monotonic() >= this.#pauseAt) {
        this.#pause();
        return;
      }
      const wake = this.#awake.shift();
      if (wake !== undefined) wake();
      else {
        const entry = this.#next();
        if (entry === undefined) break;
        this.#begin(entry);
      }
    }
    this.#isPumping = false;
  }

  /** Nothing begins until the rest of the process had its turn, not even when receivers only wait for each other. */
  #pause(): void {
    setImmediate(() => {
      this.#pauseAt = settings().clock.monotonic() + MOST_BUSY_MS;
      this.#isPumping = false;
      this.#pump();
    });
  }

  get #hasSlot(): boolean {
    return this.#running - this.#resting < this.#options.concurrency;
  }

  /** The next that may begin; while there are some to be careful with, only the oldest, alone. */
  #next(): Entry | undefined {
    if (this.#finished.length + this.#beingAcknowledged >= this.#options.ackEvery) return undefined;
    if (this.#careful === 0) return this.#ready[0];
    const oldest = this.#window[0];
    if (this.#running === 0) this.#acknowledge();
    return this.#isIdle && oldest?.status === 'waiting' ? oldest : undefined;
  }

  #begin(entry: Entry): void {
    if (this.#ready[0] === entry) this.#ready.shift();
    else this.#ready.splice(this.#ready.indexOf(entry), 1);
    entry.status = 'in hand';
    this.#running += 1;
    const outcome = this.#handle(entry);
    if (outcome instanceof Promise) void outcome.then((late) => this.#end(entry, late));
    else this.#end(entry, outcome);
  }

  /** Never throws or rejects: what must end the consumer is told, and the delivery abandoned. */
  #handle({ delivery, isSuspect }: Entry): Outcome | Promise<Outcome> {
    const failed = (error: unknown): Outcome => {
      this.#letGo();
      this.#options.onFatal(error);
      return 'abandoned';
    };
    try {
      if (this.#options.mayHandle?.() === false) this.abort();
      if (this.isAborted) return 'abandoned';
      const turn = isSuspect ? { ...this.#turn, isSuspect } : this.#turn;
      const outcome = this.#options.handle(delivery, turn);
      return outcome instanceof Promise ? outcome.catch(failed) : outcome;
    } catch (error) {
      return failed(error);
    }
  }

  #end(entry: Entry, outcome: Outcome): void {
    entry.status = outcome === 'abandoned' || this.isAborted ? 'let go' : 'finished';
    this.#running -= 1;
    this.#finish(entry);
    this.#pump();
    this.#options.onDone();
  }

  #finish(entry: Entry): void {
    if (entry.isCareful) this.#careful -= 1;
    const next = this.#behind.get(entry.key)?.shift();
    if (next === undefined) this.#behind.delete(entry.key);
    else this.#ready.push(next);
    if (entry.status === 'let go') this.#letGo();
    for (let oldest = this.#window[0]; oldest?.status === 'finished'; oldest = this.#window[0]) {
      this.#window.shift();
      this.#finished.push(oldest.delivery.ordinal);
    }
    const isBusy = this.#running > this.#resting || (this.#ready.length > 0 && this.#careful === 0);
    const isLast = !isBusy || entry.isCareful || this.#drain.signal.aborted;
    if (isLast || this.#finished.length >= this.#options.ackEvery) this.#acknowledge();
    if (this.#running === 0) this.#settle();
  }

  /** What was finished should not wait for what rests. */
  async #rest(wait: () => Promise<void>): Promise<void> {
    this.#resting += 1;
    this.#acknowledge();
    this.#pump();
    try {
      await wait();
    } finally {
      await new Promise<void>((resolve) => {
        this.#awake.push(() => {
          this.#resting -= 1;
          resolve();
        });
        this.#pump();
      });
    }
  }

  #acknowledge(): void {
    if (this.#acknowledging !== undefined || this.#finished.length === 0 || this.isAborted) return;
    const ordinals = this.#finished.splice(0, this.#options.ackEvery);
    this.#beingAcknowledged = ordinals.length;
    this.#acknowledging = Promise.resolve(
      this.#options.acknowledge(ordinals, { ...this.#turn, rest: (wait) => wait() }),
    )
      .catch((error) => {
        this.#letGo();
        this.#finished = []; // all that comes after must come again with it
        this.#window = [];
        if (!(error instanceof Abandoned)) this.#options.onFatal(error);
      })
      .finally(() => {
        this.#acknowledging = undefined;
        this.#beingAcknowledged = 0;
        const isBusy = this.#running > this.#resting && !this.#drain.signal.aborted;
        if (!isBusy || this.#finished.length >= this.#options.ackEvery) this.#acknowledge();
        this.#settle();
        this.#pump();
      });
  }

  /** With nothing in hand, what is left behind an abandoned delivery comes again, after it. */
  #settle(): void {
    if (!this.#isIdle) return;
    if (this.#ready.length === 0) this.#window = [];
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /**
   * An abandoned delivery comes again, so those behind it must come again after it. What has not begun stays where it is
   * among what has: nothing behind it may be acknowledged.
   */
  #letGo(): void {
    for (const entry of this.#window) if (entry.status === 'waiting') entry.status = 'let go';
    const last = this.#window.findLastIndex(({ status }) => status !== 'let go');
    this.#window.length = last + 1;
    this.#ready = [];
    this.#behind.clear();
    const inHand = this.#window.filter(({ status }) => status === 'in hand');
    for (const { key } of inHand) this.#behind.set(key, []);
    this.#careful = inHand.filter(({ isCareful }) => isCareful).length;
    this.#options.onDone();
  }
}

interface Entry {
  readonly delivery: Delivery;
  readonly key: string;
  readonly isCareful: boolean;
  readonly isSuspect: boolean;
  status: 'waiting' | 'in hand' | 'finished' | 'let go';
}
