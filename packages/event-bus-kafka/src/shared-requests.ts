import type { Message } from '@openedx-ts/events-core';
import type { Partitioner } from './partitioner.js';

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

  /** Whether every partition of a topic has taken something since the last error. */
  isWhole(topic: string): boolean {
    const trusted = this.#trusted.get(topic);
    return trusted !== undefined && trusted.size === this.#counts.get(topic);
  }

  /** Notes that a request failed, as a whole or in part. */
  noteError(topic: string): void {
    this.#trusted.delete(topic);
  }

  /** Places in a list of messages, those of a request together, each in order; one alone while little is known. */
  split(topic: string, messages: readonly Message[]): readonly (readonly number[])[] {
    const count = this.#counts.get(topic);
    const trusted = this.#trusted.get(topic);
    const all = messages.map((_, place) => place);
    if (messages.length === 1 || this.isWhole(topic)) return [all];
    if (count === undefined) return [[0]];
    const groups = new Map<unknown, number[]>();
    for (const [place, { key }] of messages.entries()) {
      const partition = key === null || key.length === 0 ? undefined : this.#partitioner(key, count);
      const group =
        partition === undefined ? messages[place] : trusted?.has(partition) ? 'trusted' : partition;
      const places = groups.get(group);
      if (places === undefined) groups.set(group, [place]);
      else places.push(place);
    }
    return [...groups.values()];
  }
}
