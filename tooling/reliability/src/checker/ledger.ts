import type { JournalLine, Moment } from '../journal/journal-line.js';
import type { PartitionRecoveries } from './partition-recoveries.js';

/** The state of one event according to the journals. */
export interface EventFate {
  /** As its producer sent it; undefined: no journal contains the send. */
  sent: Identity | undefined;
  state: 'offered' | 'accepted' | 'rejected';
  /** Where the bus has stored it, by the receipt. */
  position: string | undefined;
  /** As its receivers got it, where that is not what was sent. */
  received: Identity | undefined;
  /** Its deliveries, in the order in which they were read. */
  readonly entries: Entry[];
  firstFinishedAt: Moment | undefined;
  /** How often a receiver finished. */
  finishes: number;
}

export interface Identity {
  readonly key: string;
  readonly sequence: number;
}

/** A process whose receiver took an event up. */
export interface Entry {
  /** Which process. */
  readonly life: string;
  readonly at: Moment;
}

/** The books over all journals, kept while they are written. */
export class Ledger {
  readonly fates = new Map<string, EventFate>();
  /** When something was finished, in the order in which that was read. */
  readonly finishedAt: Moment[] = [];
  offered = 0;
  accepted = 0;
  rejected = 0;
  /** Events that were finished at least once. */
  handled = 0;
  /** Of the accepted ones. */
  acceptedAndHandled = 0;
  slowestSendMs = 0;
  /** How often each event had its effect, where receivers report it. */
  readonly effects = new Map<string, number>();
  /** Measures the pauses of partitions, where a scenario does so. */
  partitions: PartitionRecoveries | undefined;
  readonly #enteredBy = new Map<string, number>();
  readonly #lastKeyBy = new Map<string, string>();
  readonly #lastEnteredBy = new Map<string, string>();
  readonly #acceptedOf = new Map<string, number>();

  /** How many sends of a process were accepted. */
  acceptedOf(life: string): number {
    return this.#acceptedOf.get(life) ?? 0;
  }

  /** How many times receivers of a process took an event up. */
  enteredBy(life: string): number {
    return this.#enteredBy.get(life) ?? 0;
  }

  /** The key of the event that receivers of a process took up last. */
  lastKeyBy(life: string): string | undefined {
    return this.#lastKeyBy.get(life);
  }

  /** The process whose receivers took up the last event of a key. */
  lastEnteredBy(key: string): string | undefined {
    return this.#lastEnteredBy.get(key);
  }

  /** Counts a line of a journal. */
  book(life: string, lines: readonly JournalLine[]): void {
    for (const line of lines) this.#book(life, line);
  }

  #book(life: string, line: JournalLine): void {
    const fate = this.#fate(line[2]);
    switch (line[0]) {
      case 'offered':
        fate.sent = { key: line[3], sequence: line[4] };
        this.offered += 1;
        break;
      case 'accepted':
        fate.state = 'accepted';
        fate.position = line[3];
        this.partitions?.accepted(line[3], line[1] - line[4], line[1]);
        this.accepted += 1;
        this.#acceptedOf.set(life, this.acceptedOf(life) + 1);
        if (fate.finishes > 0) this.acceptedAndHandled += 1;
        this.slowestSendMs = Math.max(this.slowestSendMs, line[4]);
        break;
      case 'rejected':
        fate.state = 'rejected';
        this.rejected += 1;
        break;
      case 'entered':
        fate.received ??= { key: line[3], sequence: line[4] };
        this.#enteredBy.set(life, this.enteredBy(life) + 1);
        this.#lastKeyBy.set(life, line[3]);
        this.#lastEnteredBy.set(line[3], life);
        // Later attempts are of the same delivery.
        if (line[5] === 1) fate.entries.push({ life, at: line[1] });
        break;
      case 'effect':
        this.effects.set(line[2], (this.effects.get(line[2]) ?? 0) + 1);
        break;
      case 'finished':
        this.#finish(fate, line[1]);
    }
  }

  /** Journals are read one after the other, so what was first is not always read first. */
  #finish(fate: EventFate, at: Moment): void {
    fate.finishes += 1;
    fate.firstFinishedAt = Math.min(at, fate.firstFinishedAt ?? at);
    this.finishedAt.push(at);
    if (fate.finishes > 1) return;
    this.handled += 1;
    if (fate.state === 'accepted') this.acceptedAndHandled += 1;
  }

  #fate(eventId: string): EventFate {
    let fate = this.fates.get(eventId);
    if (fate === undefined) {
      fate = {
        sent: undefined,
        position: undefined,
        state: 'offered',
        received: undefined,
        entries: [],
        firstFinishedAt: undefined,
        finishes: 0,
      };
      this.fates.set(eventId, fate);
    }
    return fate;
  }
}
