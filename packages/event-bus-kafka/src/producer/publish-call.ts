import { FailedKeys, type Message, type PublishOutcome } from '@openedx-ts/events-core/bus';
import type { BatchOutcome } from './open-batch.js';

/** Learns what became of the message with this place. */
export type ReportOutcome = (place: number, outcome: PublishOutcome) => void;

/** The messages of one `publish`, and what became of them so far. */
export class PublishCall {
  readonly messages: readonly Message[];
  readonly abortSignal: AbortSignal | undefined;
  /** By the place of the message. */
  readonly outcomes: PublishOutcome[];
  /** Keys of which nothing more is sent. */
  readonly failed = new FailedKeys();
  /** Partitions to which nothing more is sent, with the reason. */
  readonly stopped = new Map<number, Error>();
  /** Places of messages whose last answer is missing, with the partitions in which they may be stored. */
  readonly settling = new Map<number, number>();
  /** Why nothing more is sent to the topic. */
  failure: Error | undefined;
  readonly #report: ReportOutcome | undefined;
  /** By partition; ends when all is done that was started for it. */
  readonly #ends = new Map<number, Promise<void>>();

  /** @param report called with each outcome, as soon as all are known that belong to the same step */
  constructor(messages: readonly Message[], abortSignal: AbortSignal | undefined, report?: ReportOutcome) {
    this.messages = messages;
    this.abortSignal = abortSignal;
    this.outcomes = new Array<PublishOutcome>(messages.length);
    this.#report = report;
  }

  message(place: number): Message {
    return this.messages[place] as Message;
  }

  /** Starts the next step of a partition once the one before has ended. Other partitions are not waited for. */
  next(partition: number, places: readonly number[], step: () => Promise<void>): void {
    const run = async () => {
      try {
        await step();
      } catch (error) {
        for (const place of places) this.fail(place, error);
      }
      this.report(places);
    };
    const before = this.#ends.get(partition);
    this.#ends.set(partition, before === undefined ? run() : before.then(run));
  }

  /** Resolves when every step has ended that was started. */
  async done(): Promise<void> {
    await Promise.all(this.#ends.values());
  }

  /** Reports the outcomes of these messages. */
  report(places: readonly number[]): void {
    if (this.#report === undefined) return;
    for (const place of places) {
      const outcome = this.outcomes[place];
      if (outcome !== undefined) this.#report(place, outcome);
    }
  }

  /** Notes the error of a message: later ones of its key are not sent. */
  fail(place: number, error: unknown): void {
    this.outcomes[place] = { error };
    this.failed.add(this.message(place));
  }

  /** Notes what became of the message with this place in a batch. */
  note(place: number, outcome: BatchOutcome, partition: number, indexInBatch: number): void {
    if ('error' in outcome) this.fail(place, outcome.error);
    else {
      const offset = outcome.baseOffset < 0 ? -1 : outcome.baseOffset + indexInBatch;
      this.outcomes[place] = { position: `${partition}:${offset}` };
    }
  }

  /** The messages to send of some: marks those as not attempted of which an earlier one of their key has failed. */
  attempted(places: readonly number[]): readonly number[] {
    return places.filter((place) => {
      if (!this.failed.has(this.message(place))) return true;
      this.outcomes[place] = { notAttempted: true };
      return false;
    });
  }
}
