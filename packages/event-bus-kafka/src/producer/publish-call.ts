import { FailedKeys, type Message, type PublishOutcome } from '@openedx-ts/events-core/bus';
import type { BatchOutcome } from './open-batch.js';

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
  /** Why nothing more is sent to the topic. */
  failure: Error | undefined;

  constructor(messages: readonly Message[], abortSignal: AbortSignal | undefined) {
    this.messages = messages;
    this.abortSignal = abortSignal;
    this.outcomes = new Array<PublishOutcome>(messages.length);
  }

  message(place: number): Message {
    return this.messages[place] as Message;
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
