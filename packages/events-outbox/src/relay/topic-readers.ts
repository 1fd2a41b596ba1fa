import { Slots } from './slots.js';
import { TopicReader, type TopicReaderOptions } from './topic-reader.js';

/** The readers of all topics, at most eight of which read and publish at the same time. */
export class TopicReaders {
  readonly #options: TopicReaderOptions;
  readonly #readers = new Map<string, TopicReader>();

  constructor(options: Omit<TopicReaderOptions, 'slots' | 'probes'>) {
    this.#options = { ...options, slots: new Slots(MAX_ACTIVE), probes: new Slots(MAX_PROBES) };
  }

  /** Of each topic that is known, the position up to which nothing is pending. */
  get floors(): ReadonlyMap<string, bigint> {
    return new Map(Array.from(this.#readers.values(), ({ topic, floor }) => [topic, floor]));
  }

  /** Why topics are not published now, at most ten reasons. */
  get problems(): readonly string[] {
    const problems = [...this.#readers.values()].flatMap(({ problem }) => problem ?? []);
    if (problems.length <= MAX_REASONS) return problems;
    return [...problems.slice(0, MAX_REASONS), `and ${problems.length - MAX_REASONS} more topics`];
  }

  /** Resolves when nothing is in flight. */
  get ended(): Promise<unknown> {
    return Promise.all(Array.from(this.#readers.values(), ({ ended }) => ended));
  }

  /** Publishes what is pending for these topics. */
  wake(topics: readonly string[]): void {
    for (const topic of topics) this.#reader(topic)?.wake();
  }

  /** Reads topics again whose floor would stay below entries that were deleted. */
  catchUp(): void {
    for (const reader of this.#readers.values()) reader.catchUp();
  }

  /** Reads every topic from its first entry; without `must`, only those where that was quick enough. */
  sweep(options: { readonly must: boolean }): void {
    for (const reader of this.#readers.values()) reader.sweep(options);
  }

  /** Returns undefined while too many topics have pending entries; the next look finds the topic again. */
  #reader(topic: string): TopicReader | undefined {
    const known = this.#readers.get(topic);
    if (known !== undefined) return known;
    if (this.#readers.size >= MAX_IDLE) {
      for (const { isIdle, topic: idle } of this.#readers.values()) {
        if (!isIdle) continue;
        this.#readers.delete(idle);
        break;
      }
    }
    if (this.#readers.size >= MAX_READERS) return undefined;
    const reader = new TopicReader(topic, this.#options);
    this.#readers.set(topic, reader);
    return reader;
  }
}

/** With two batches of 4 MiB each, 64 MiB. */
const MAX_ACTIVE = 8;
/** Each with one entry. */
const MAX_PROBES = 32;
/** Readers of topics without pending entries, kept for their floors. */
const MAX_IDLE = 1_000;
const MAX_READERS = 10_000;
const MAX_REASONS = 10;
