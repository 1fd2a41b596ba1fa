import type { JournalLine } from '../journal/journal-line.js';

/** The books over one producer's millions of events: two bytes for each that is not on its way. */
export class EventTally {
  offered = 0;
  accepted = 0;
  rejected = 0;
  /** Events that were finished at least once. */
  handled = 0;
  /** Of the accepted ones. */
  acceptedAndHandled = 0;
  /** How many times too often an event was finished. */
  duplicates = 0;
  slowestSendMs = 0;
  /** How often each was finished. */
  readonly #finishes: Uint8Array;
  readonly #state: Uint8Array;
  /** Finished, and not one of the producer's. */
  #strangers = 0;
  /** What is on its way, by id, for journals give the sequence once: sends, and deliveries to each process. */
  readonly #sends = new Map<string, number>();
  readonly #deliveries = new Map<string, number>();

  constructor(events: number) {
    this.#finishes = new Uint8Array(events);
    this.#state = new Uint8Array(events);
  }

  /** Accepted, and never finished. */
  get lost(): number {
    return this.accepted - this.acceptedAndHandled;
  }

  /** Finished, and never sent. */
  get ghosts(): number {
    return this.#finishes.reduce(
      (sum, finishes, sequence) => sum + (finishes > 0 && this.#state[sequence] === State.unknown ? 1 : 0),
      this.#strangers,
    );
  }

  /** Counts a line of a journal. */
  book(life: string, lines: readonly JournalLine[]): void {
    for (const line of lines) this.#book(life, line);
  }

  #book(life: string, line: JournalLine): void {
    const [is, , eventId] = line;
    switch (is) {
      case 'offered':
        this.offered += 1;
        this.#state[line[4]] = State.offered;
        this.#sends.set(eventId, line[4]);
        break;
      case 'accepted':
        this.accepted += 1;
        this.slowestSendMs = Math.max(this.slowestSendMs, line[4]);
        if (this.#answer(eventId, State.accepted) > 0) this.acceptedAndHandled += 1;
        break;
      case 'rejected':
        this.rejected += 1;
        this.#answer(eventId, State.rejected);
        break;
      case 'entered':
        this.#deliveries.set(`${life} ${eventId}`, line[4]);
        break;
      case 'finished':
        this.#finish(`${life} ${eventId}`);
    }
  }

  /** @returns how often it was finished before this was read */
  #answer(eventId: string, state: number): number {
    const sequence = this.#sends.get(eventId) as number;
    this.#sends.delete(eventId);
    this.#state[sequence] = state;
    return this.#finishes[sequence] ?? 0;
  }

  #finish(delivery: string): void {
    const sequence = this.#deliveries.get(delivery) as number;
    this.#deliveries.delete(delivery);
    const finishes = this.#finishes[sequence];
    if (finishes === undefined) {
      this.#strangers += 1;
    } else if (finishes > 0) {
      this.duplicates += 1;
    } else {
      this.#finishes[sequence] = 1;
      this.handled += 1;
      if (this.#state[sequence] === State.accepted) this.acceptedAndHandled += 1;
    }
  }
}

const State = { unknown: 0, offered: 1, accepted: 2, rejected: 3 } as const;
