import { ProduceFailedError, type SendReceipt } from '@openedx-ts/events-core';
import { type Deferred, deferred, type EncodedEvent } from '@openedx-ts/events-core/bus';
import type { RelayContext } from './relay-context.js';

/** A bus that accepts, refuses or hangs as a test wants it. */
export class FakeBus {
  readonly accepted: { readonly topic: string; readonly key: string; readonly id: string }[] = [];
  /** The sizes of the batches, those that were refused included. */
  readonly batches: { readonly topic: string; readonly size: number }[] = [];
  /** How many batches were in flight at once. */
  maxInFlight = 0;
  #inFlight = 0;
  #gate: Deferred<void> | undefined;

  /** Why an event is refused; undefined accepts it. */
  refusal: (event: EncodedEvent) => Error | undefined = () => undefined;

  /** Accepts, and answers only after `answer`. */
  hang(): void {
    this.#gate = deferred();
  }

  answer(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  /** The keys of what was accepted, in order. */
  keysOf(topic: string): readonly string[] {
    return this.accepted.filter((event) => event.topic === topic).map(({ key }) => key);
  }

  readonly producer: RelayContext['producer'] = {
    publishEncoded: async (batch) => {
      const topic = batch[0]?.topic ?? '';
      this.batches.push({ topic, size: batch.length });
      this.#inFlight += 1;
      this.maxInFlight = Math.max(this.maxInFlight, this.#inFlight);
      const failedKeys = new Set<string>();
      const results = batch.map((event) => this.#publish(event, failedKeys));
      await this.#gate?.promise;
      this.#inFlight -= 1;
      return results;
    },
  };

  #publish(event: EncodedEvent, failedKeys: Set<string>): PromiseSettledResult<SendReceipt> {
    const { topic, metadata, key } = event;
    const reason = failedKeys.has(key.text) ? new Error('not attempted') : this.refusal(event);
    if (reason !== undefined) {
      failedKeys.add(key.text);
      return { status: 'rejected', reason };
    }
    this.accepted.push({ topic, key: key.text, id: metadata.id });
    return {
      status: 'fulfilled',
      value: { eventId: metadata.id, topic, position: `0:${this.accepted.length}` },
    };
  }
}

/** The error of a bus for an event that it will never accept. */
export function tooLarge(topic: string): Error {
  return Object.assign(new ProduceFailedError(topic, 'too large', { retryable: false, isTooLarge: true }), {
    fault: 'event',
  });
}

/** The error of a bus that refuses everything. */
export function denied(topic: string): Error {
  return Object.assign(new ProduceFailedError(topic, 'access denied', { retryable: false }), {
    fault: 'bus',
  });
}
