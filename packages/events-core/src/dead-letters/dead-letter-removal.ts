import type { TopicStore } from '../operate/topic-store.js';
import { runtime } from '../runtime/runtime.js';
import type { DeadLetterQueue } from './dead-letter-queue.js';

/** Removes processed dead letters in batches: every hundred, or every second. */
export class DeadLetterRemoval {
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

  /** Adds a dead letter, and removes the batch when it is full or a second old. */
  async add(position: string): Promise<void> {
    const now = runtime().clock.monotonic();
    if (this.#positions.length === 0) this.#since = now;
    this.#positions.push(position);
    if (this.#positions.length >= MOST || now - this.#since >= LONGEST_MS) await this.flush();
  }

  /** Removes what was added so far. */
  async flush(): Promise<void> {
    const positions = this.#positions;
    if (positions.length === 0) return;
    this.#positions = [];
    await this.#store.remove(this.#queue.deadLetterTopic, positions, this.#why);
  }

  /** Removes the last batch. After another error (`hasFailed`) a failure to remove is only logged, so as not to hide it. */
  async end({ hasFailed }: { readonly hasFailed: boolean }): Promise<void> {
    const count = this.#positions.length;
    try {
      await this.flush();
    } catch (error) {
      if (!hasFailed) throw error;
      const { deadLetterTopic } = this.#queue;
      runtime().logger.warn(
        { err: error, deadLetterTopic, count },
        'dead letters that were processed could not be removed: they are still listed, and a redrive sends them again',
      );
    }
  }
}

const MOST = 100;
const LONGEST_MS = 1_000;
