import { runtime } from '../runtime/runtime.js';
import type { Delivery } from './delivery.js';
import type { Outcome } from './delivery-handler.js';
import { EXCLUSIVE_FROM_DELIVERY } from './exclusive-from-delivery.js';
import type { Turn } from './turn.js';

/** A lane of a consumer. */
export interface CarefulLane {
  /** Whether it has events in hand that have no turn. */
  readonly isBusy: boolean;
}

/** Writes down that an event is begun once more, with nothing else in hand; or takes that back. */
export type CountExclusive = (delivery: Delivery, isBegun: boolean) => void | Promise<void>;

/** How long an event waits for others to be finished, before it is handled beside them, and not counted. */
const MOST_WAIT_MS = 30_000;
/** How long others wait for one that is handled alone. */
const LONGEST_TURN_MS = 300_000;

/**
 * Events that may end the process take turns, over all lanes of a consumer, and while one has its turn nothing else is in
 * hand: when the process dies, that one is to blame and no other. What is counted is what was begun so. Between two
 * turns each lane may begin what it has room for.
 */
export class CarefulTurns {
  readonly #countExclusive: CountExclusive;
  readonly #lanes = new Set<CarefulLane>();
  /** Those with events in hand that are not waited for any longer. */
  readonly #slow = new Set<CarefulLane>();
  #waiting: Ticket[] = [];
  #holder: Ticket | undefined;
  /** Called when others may begin. */
  readonly #blocked = new Set<() => void>();
  #isBetweenTurns = false;
  #patience: AbortController | undefined;
  #hasFailed = false;

  constructor(countExclusive: CountExclusive) {
    this.#countExclusive = countExclusive;
  }

  /** Whether other events may begin or go on now; with a no, `onChange` is called once when they may. */
  mayBegin(onChange: () => void): boolean {
    if (this.#holder === undefined && (this.#isBetweenTurns || this.#waiting.length === 0)) return true;
    this.#blocked.add(onChange);
    this.#endLate();
    return false;
  }

  /** Whether turns are taken just now, so that lanes must tell what becomes of what they have in hand. */
  get isOn(): boolean {
    return this.#holder !== undefined || this.#waiting.length > 0 || this.#slow.size > 0;
  }

  /** Tells of a lane, before anything of it begins. */
  join(lane: CarefulLane): void {
    this.#lanes.add(lane);
  }

  /** Tells that nothing of a lane counts any more. */
  part(lane: CarefulLane): void {
    this.#lanes.delete(lane);
    this.settled(lane);
  }

  /** Tells that a lane is not busy any more. */
  idle(lane: CarefulLane): void {
    this.#slow.delete(lane);
    this.#next();
  }

  /** Tells that nothing of a lane is in hand or on its way to the broker. */
  settled(lane: CarefulLane): void {
    if (this.#holder?.lane === lane) this.#release(this.#holder);
    this.idle(lane);
  }

  /** Handles an event when its turn has come. While it rests it has none, and nothing is blamed on it. */
  async handle(
    lane: CarefulLane,
    delivery: Delivery,
    turn: Turn,
    handle: (delivery: Delivery, turn: Turn) => Outcome | Promise<Outcome>,
  ): Promise<Outcome> {
    const { isSuspect, waitSignal } = turn;
    const over = new AbortController();
    const ticket: Ticket = { lane, delivery, isSuspect, isCounted: false, isLate: false, over };
    await turn.rest(() => this.#take(ticket, waitSignal));
    if (waitSignal.aborted) return 'abandoned';
    const rest = (wait: () => Promise<void>) =>
      turn.rest(async () => {
        await this.#letOff(ticket);
        this.#slow.delete(lane);
        await wait();
        await this.#take(ticket, waitSignal);
      });
    return handle(delivery, { ...turn, rest });
  }

  /** Resolves when it has the turn and that is written down, or the signal fires. */
  async #take(ticket: Ticket, abortSignal: AbortSignal): Promise<void> {
    if (abortSignal.aborted) return;
    await new Promise<void>((resolve) => {
      ticket.onTurn = resolve;
      abortSignal.addEventListener('abort', () => resolve(), { once: true, signal: ticket.over.signal });
      this.#waiting.push(ticket);
      this.#endLate();
      this.#next();
    });
    if (this.#holder !== ticket) {
      this.#waiting = this.#waiting.filter((other) => other !== ticket);
      this.#next();
    } else if (ticket.isCounted) {
      tellAgain(ticket.delivery);
      await this.#count(ticket, true);
    }
  }

  /** Gives the turn to the one that was delivered least, once nothing else is in hand. */
  #next(): void {
    if (this.#holder !== undefined || this.#isBetweenTurns) return;
    if (this.#waiting.length === 0) {
      this.#endPatience();
      if (this.#blocked.size > 0) this.#open();
      return;
    }
    for (const lane of this.#lanes) {
      if (!lane.isBusy || this.#slow.has(lane)) continue;
      this.#beginPatience();
      return;
    }
    this.#endPatience();
    const [least] = this.#waiting.toSorted(
      (one, other) => one.delivery.deliveryCount - other.delivery.deliveryCount,
    );
    if (least !== undefined) this.#give(least);
  }

  #give(ticket: Ticket): void {
    this.#waiting = this.#waiting.filter((other) => other !== ticket);
    this.#holder = ticket;
    ticket.isCounted = this.#slow.size === 0 && !ticket.isSuspect;
    ticket.isLate = false;
    ticket.over.abort(); // it no longer waits
    ticket.over = new AbortController();
    after(LONGEST_TURN_MS, ticket.over.signal, () => {
      ticket.isLate = true;
      if (this.#blocked.size > 0 || this.#waiting.length > 0) this.#endLate();
    });
    ticket.onTurn?.();
  }

  #release(ticket: Ticket): void {
    if (this.#holder !== ticket) return;
    this.#holder = undefined;
    ticket.over.abort();
    ticket.over = new AbortController();
    this.#isBetweenTurns = true;
    this.#open();
    this.#isBetweenTurns = false;
    this.#next();
  }

  async #letOff(ticket: Ticket): Promise<void> {
    if (this.#holder !== ticket) return;
    if (ticket.isCounted) {
      ticket.isCounted = false;
      await this.#count(ticket, false);
    }
    this.#release(ticket);
  }

  /** One that takes too long goes on beside others, when there are some. */
  #endLate(): void {
    const late = this.#holder;
    if (late?.isLate !== true) return;
    late.isLate = false;
    this.#slow.add(late.lane);
    void this.#letOff(late);
  }

  #open(): void {
    const blocked = [...this.#blocked];
    this.#blocked.clear();
    for (const onChange of blocked) onChange();
  }

  #beginPatience(): void {
    if (this.#patience !== undefined) return;
    this.#patience = new AbortController();
    after(MOST_WAIT_MS, this.#patience.signal, () => {
      this.#patience = undefined;
      for (const lane of this.#lanes) if (lane.isBusy) this.#slow.add(lane);
      this.#next();
    });
  }

  #endPatience(): void {
    this.#patience?.abort();
    this.#patience = undefined;
  }

  /** Counting must hold nothing up. */
  async #count({ delivery }: Ticket, isBegun: boolean): Promise<void> {
    try {
      await this.#countExclusive(delivery, isBegun);
    } catch (error) {
      if (this.#hasFailed) return;
      this.#hasFailed = true;
      runtime().logger.warn({ err: error, lane: delivery.lane }, countsAreLost);
    }
  }
}

/** An event that has its turn or waits for it. */
interface Ticket {
  readonly lane: CarefulLane;
  readonly delivery: Delivery;
  /** Whether it is to be given up, so that it is not begun: a death in between would write its dead letter twice. */
  readonly isSuspect: boolean;
  onTurn?: () => void;
  /** Whether its turn was written down. */
  isCounted: boolean;
  /** Whether others have waited long enough for it. */
  isLate: boolean;
  /** Ends what listens and what waits for it. */
  over: AbortController;
}

const countsAreLost =
  'how often events were begun cannot be written down (said once): one that ends the process each time may not be noticed';

/** Of one that was alone when the process died: it should not come as a surprise when it is set aside. */
function tellAgain({ lane, position, deliveryCount }: Delivery): void {
  if (deliveryCount <= EXCLUSIVE_FROM_DELIVERY) return; // it is alone for the first time
  const facts = { lane, position, deliveryCount };
  runtime().logger.warn(
    facts,
    'an event is handled alone again: the process died while nothing else was in hand',
  );
}

function after(durationMs: number, abortSignal: AbortSignal, run: () => void): void {
  void runtime()
    .clock.sleep(durationMs, abortSignal)
    .then(() => {
      if (!abortSignal.aborted) run();
    });
}
