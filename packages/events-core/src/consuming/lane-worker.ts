import { setMaxListeners } from 'node:events';
import { runtime } from '../runtime/runtime.js';
import { Abandoned } from './availability.js';
import type { CarefulTurns } from './careful-turns.js';
import type { Delivery } from './delivery.js';
import type { Outcome } from './delivery-handler.js';
import { type LaneEntry, LaneWindow, type LaneWindowOptions } from './lane-window.js';
import type { Turn } from './turn.js';

export interface LaneWorkerOptions extends LaneWindowOptions {
  readonly ackEvery: number;
  /** Deliveries that are handled at once; those that rest do not count. */
  readonly concurrency: number;
  /** Where lanes take turns with what may end the process. */
  readonly turns: CarefulTurns;
  /** Fires when the consumer stops: waits end. */
  readonly stopSignal: AbortSignal;
  readonly handle: (delivery: Delivery, turn: Turn) => Outcome | Promise<Outcome>;
  /** Asked before each delivery, and when one has rested; with a no, everything in hand is abandoned. */
  readonly mayHandle?: () => boolean;
  readonly acknowledge: (ordinals: readonly number[], turn: Turn) => void | Promise<void>;
  /** Called when a delivery was dealt with or let go. */
  readonly onDone: () => void;
  /** Called with what must end the consumer. */
  readonly onFatal: (error: unknown) => void;
}

/** How long deliveries are handled without a pause for whatever else the process has to do, such as heartbeats. */
const MOST_BUSY_MS = 20;

/** That of the process, also where a test fakes timers later: a lane must not wait for the test to move them. */
const inNextTurn = setImmediate;

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
  readonly #window: LaneWindow;
  #running = 0;
  #isPumping = false;
  #pauseAt = runtime().clock.monotonic() + MOST_BUSY_MS;
  #resting = 0;
  /** Whether what is in hand is to be handled alone. */
  #isAlone = false;
  /** Continues those that have rested enough. */
  readonly #awake: (() => void)[] = [];
  #finished: number[] = [];
  #beingAcknowledged = 0;
  #acknowledging: Promise<void> | undefined;
  #idle: (() => void)[] = [];

  constructor(options: LaneWorkerOptions) {
    this.#options = options;
    this.#window = new LaneWindow(options);
    const waitSignal = AbortSignal.any([this.#abort.signal, this.#drain.signal, options.stopSignal]);
    setMaxListeners(0, waitSignal); // all that rest listen to it
    const rest = (wait: () => Promise<void>) => this.#rest(wait);
    this.#turn = { abortSignal: this.#abort.signal, waitSignal, isSuspect: false, rest };
  }

  /** Whether this worker was aborted, so that a lane that came back needs a new one. */
  get isAborted(): boolean {
    return this.#abort.signal.aborted;
  }

  /** How many deliveries are here and not in hand: they wait or rest. */
  get waiting(): number {
    return this.#window.unfinished - (this.#running - this.#resting);
  }

  /** How many are handled and cannot be acknowledged before others. */
  get unacknowledged(): number {
    return this.#window.finished;
  }

  /** Whether there are some in hand, and not one alone. */
  get isBusy(): boolean {
    return this.#running > this.#resting && !this.#isAlone;
  }

  push(deliveries: readonly Delivery[]): void {
    if (deliveries.length === 0 || this.#drain.signal.aborted) return;
    this.#options.turns.join(this);
    this.#listenTo(deliveries[0]?.abortSignal);
    for (const delivery of deliveries) this.#window.admit(delivery);
    this.#pump();
  }

  /** Lets go of what has not begun or waits, finishes and acknowledges the rest; resolves when nothing is in hand. */
  async drain(): Promise<void> {
    this.#drain.abort();
    this.#letGo();
    this.#acknowledge();
    if (!this.#isIdle) await new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#options.turns.part(this);
  }

  /** Tells the receivers in hand that their result is no longer wanted; nothing more is acknowledged. */
  abort(): void {
    this.#abort.abort();
    this.#letGo();
    this.#options.turns.part(this);
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

  /** Those that have rested go first: they are the older ones. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    const { clock } = runtime();
    while (this.#hasSlot) {
      if (clock.monotonic() >= this.#pauseAt) {
        this.#pause();
        return;
      }
      const entry = this.#awake.length > 0 ? undefined : this.#next();
      if (entry?.isCareful) {
        this.#begin(entry);
        continue;
      }
      if ((this.#awake.length === 0 && entry === undefined) || !this.#mayBegin()) break;
      if (entry !== undefined) this.#begin(entry);
      else this.#awake.shift()?.();
    }
    this.#isPumping = false;
  }

  /** Nothing begins until the rest of the process had its turn, not even when receivers only wait for each other. */
  #pause(): void {
    inNextTurn(() => {
      this.#pauseAt = runtime().clock.monotonic() + MOST_BUSY_MS;
      this.#isPumping = false;
      this.#pump();
    });
  }

  /** With a no, this is looked at again when others have had their turns. */
  #mayBegin(): boolean {
    if (this.#options.turns.mayBegin(this.#goOn) || this.#turn.waitSignal.aborted) return true;
    if (this.#running === this.#resting) this.#acknowledge();
    return false;
  }

  readonly #goOn = () => this.#pump();

  get #hasSlot(): boolean {
    return this.#running - this.#resting < this.#options.concurrency;
  }

  #next(): LaneEntry | undefined {
    if (this.#finished.length + this.#beingAcknowledged >= this.#options.ackEvery) return undefined;
    if (this.#window.isCareful && this.#running === 0) this.#acknowledge();
    return this.#window.next(this.#isIdle);
  }

  #begin(entry: LaneEntry): void {
    this.#window.begin(entry);
    this.#running += 1;
    this.#isAlone = entry.isCareful;
    const outcome = this.#handle(entry);
    if (outcome instanceof Promise) void outcome.then((late) => this.#end(entry, late));
    else this.#end(entry, outcome);
  }

  /** Never throws or rejects: what must end the consumer is told, and the delivery abandoned. */
  #handle({ delivery, isCareful, isSuspect }: LaneEntry): Outcome | Promise<Outcome> {
    const failed = (error: unknown): Outcome => {
      this.#letGo();
      this.#options.onFatal(error);
      return 'abandoned';
    };
    try {
      this.#abortIfLost();
      if (this.isAborted) return 'abandoned';
      const outcome = isCareful
        ? this.#handleAlone(delivery, isSuspect)
        : this.#options.handle(delivery, this.#turn);
      return outcome instanceof Promise ? outcome.catch(failed) : outcome;
    } catch (error) {
      return failed(error);
    }
  }

  #handleAlone(delivery: Delivery, isSuspect: boolean): Outcome | Promise<Outcome> {
    const { handle, turns } = this.#options;
    const turn: Turn = { ...this.#turn, isSuspect, rest: (wait) => this.#restAlone(wait) };
    return turns.handle(this, delivery, turn, handle);
  }

  #abortIfLost(): void {
    if (this.#options.mayHandle?.() === false) this.abort();
  }

  #end(entry: LaneEntry, outcome: Outcome): void {
    const isOver = outcome !== 'abandoned' && !this.isAborted;
    this.#running -= 1;
    this.#finished.push(...this.#window.end(entry, isOver ? 'finished' : 'let go'));
    const mayGoOn = this.#window.hasReady && !this.#window.isCareful;
    const isBusy = (this.#running > this.#resting || mayGoOn) && !this.#drain.signal.aborted;
    const isLast = !isBusy || entry.isCareful;
    if (isLast || this.#finished.length >= this.#options.ackEvery) this.#acknowledge();
    if (this.#running === 0) this.#settle();
    this.#idleOrNot();
    this.#pump();
    this.#options.onDone();
  }

  /** What was finished should not wait for what rests. */
  async #rest(wait: () => Promise<void>): Promise<void> {
    this.#resting += 1;
    this.#acknowledge();
    this.#idleOrNot();
    this.#pump();
    try {
      await wait();
    } finally {
      await new Promise<void>((resolve) => {
        this.#awake.push(() => {
          this.#resting -= 1;
          this.#abortIfLost();
          resolve();
        });
        this.#pump();
      });
    }
  }

  /** Of one that is handled alone: whatever else is here waits for it anyhow. */
  async #restAlone(wait: () => Promise<void>): Promise<void> {
    this.#resting += 1;
    try {
      await wait();
    } finally {
      this.#resting -= 1;
      this.#abortIfLost();
    }
  }

  #idleOrNot(): void {
    if (this.#options.turns.isOn && !this.isBusy) this.#options.turns.idle(this);
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
        this.#window.clear();
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
    if (!this.#window.hasReady) this.#window.clear();
    for (const resolve of this.#idle.splice(0)) resolve();
    if (this.#options.turns.isOn) this.#options.turns.settled(this); // others may begin in here
  }

  #letGo(): void {
    this.#window.letGo();
    this.#options.onDone();
  }
}
