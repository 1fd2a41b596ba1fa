import type { Message } from '@openedx-ts/events-core/bus';
import type { Partitioner } from './partitioner.js';

/** Messages that share a request. */
export interface RequestGroup {
  /** Their places in the list. */
  readonly places: readonly number[];
  /** Whether their partition has taken nothing since the last error: it may not be ready yet. */
  readonly isNew: boolean;
}

/**
 * Which messages of a topic may share a request. kafkajs tells one error of a request, and not which partitions took
 * theirs: all of it would be sent again, and be there twice. While a topic is made or its leaders move, partitions take
 * turns in that, so only those share a request that took something since the last error.
 */
export class SharedRequests {
  readonly #partitioner: Partitioner;
  readonly #counts = new Map<string, number>();
  readonly #trusted = new Map<string, Set<number>>();

  constructor(partitioner: Partitioner) {
    this.#partitioner = partitioner;
  }

  /** Notes how many partitions a topic has. */
  noteCount(topic: string, count: number): void {
    this.#counts.set(topic, count);
  }

  /** Notes partitions that took something. */
  noteTaken(topic: string, partitions: Iterable<number>): void {
    const trusted = this.#trusted.get(topic) ?? new Set();
    for (const partition of partitions) trusted.add(partition);
    this.#trusted.set(topic, trusted);
  }

  /** Notes that a request failed, as a whole or in part. */
  noteError(topic: string): void {
    this.#trusted.delete(topic);
  }

  /** Whether messages go to several partitions of a topic, as far as its partitions are known. */
  areSpread(topic: string, messages: readonly Message[]): boolean {
    const count = this.#counts.get(topic);
    if (count === undefined) return messages.length > 1;
    const partitions = messages.map(({ key }) => this.#partitioner(key, count));
    return new Set(partitions).size > 1;
  }

  /** The requests that a list of messages makes, each in order; one of one message while little is known. */
  split(topic: string, messages: readonly Message[]): readonly RequestGroup[] {
    const count = this.#counts.get(topic);
    if (count === undefined) return [{ places: [0], isNew: true }];
    const trusted = this.#trusted.get(topic) ?? new Set();
    if (trusted.size === count) return [{ places: messages.map((_, place) => place), isNew: false }];
    const shared: number[] = [];
    const others = new Map<unknown, number[]>();
    for (const [place, message] of messages.entries()) {
      const { key } = message;
      const hasKey = key !== null && key.length > 0;
      const partition = hasKey ? this.#partitioner(key, count) : undefined;
      if (partition !== undefined && trusted.has(partition)) shared.push(place);
      else {
        const own = partition ?? message; // without a key nobody knows where it goes
        others.set(own, [...(others.get(own) ?? []), place]);
      }
    }
    const groups = [...others.values()].map((places) => ({ places, isNew: true }));
    return shared.length === 0 ? groups : [{ places: shared, isNew: false }, ...groups];
  }
}
