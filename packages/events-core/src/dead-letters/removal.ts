import type { TopicStore } from '../operate/topic-store.js';
import { runtime } from '../runtime/runtime.js';
import type { DeadLetterQueue } from './dead-letter-queue.js';

/** Removes dead letters that were dealt with, some at a time: after a hundred, or a second. */
export class Removal {
  readonly #store: TopicStore;
  readonly #queue: DeadLetterQueue;
  readonly #why: 'redriven' | 'purged';
  #positions: string[] = [];
  #since = 0;

  constructor(store: TopicStore, queue: DeadLetterQueue, why: 'redriven' | 'purged') {
    this.#store = store;
    this.#queue = queue;
    this.#why = why;
  }

  async add(position: string): Promise<void> {
    const now = runtime().clock.monotonic();
    if (this.#positions.length === 0) this.#since = now;
    this.#positions.push(position);
    if (this.#positions.length >= MOST || now - this.#since >= LONGEST_MS) await this.flush();
  }

  async flush(): Promise<void> {
    const positions = this.#positions;
    if (positions.length === 0) return;
    this.#positions = [];
    await this.#store.remove(this.#queue.deadLetterTopic, positions, this.#why);
  }

  /** Removes the last ones. Where there is an error already, that one is told, and trouble here only logged. */
  async end({ hasFailed }: { readonly hasFailed: boolean }): Promise<void> {
    const count = this.#positions.length;
    try {
      await this.flush();
    } catch (error) {
      if (!hasFailed) throw error;
      const { deadLetterTopic } = this.#queue;
      runtime().logger.warn(
        { err: error, deadLetterTopic, count },
        'dead letters are not removed: they come again',
      );
    }
  }
}

const MOST = 100;
const LONGEST_MS = 1_000;
