import { PartitionProducer, type PartitionProducerOptions } from './partition-producer.js';

/**
 * The topics that a publisher sends to, and the producers of their partitions. A program may make up topics, e.g. one for
 * each course, so idle ones are forgotten when there are many. The leader of a partition still expects the next sequence
 * number of the id under which a forgotten topic was written, so partitions that start afterwards use another id.
 */
export class PublishedTopics {
  readonly #options: PartitionProducerOptions;
  readonly #keptTopics: number;
  readonly #topics = new Map<string, PublishedTopic>();
  #forgetAt: number;

  /** @param keptTopics so many are few: nothing is forgotten. Most programs have fewer topics */
  constructor(options: PartitionProducerOptions, keptTopics = 1_000) {
    this.#options = options;
    this.#keptTopics = keptTopics;
    this.#forgetAt = keptTopics;
  }

  /** The number of topics that are known. */
  get size(): number {
    return this.#topics.size;
  }

  /** Keeps a topic until `leave` is called. */
  enter(fullTopic: string): void {
    const known = this.#topics.get(fullTopic);
    if (known !== undefined) known.calls += 1;
    else {
      this.#forgetIdle();
      this.#topics.set(fullTopic, { calls: 1, partitionCount: undefined, partitions: new Map() });
    }
  }

  /** Ends what `enter` has started. */
  leave(fullTopic: string): void {
    this.#entered(fullTopic).calls -= 1;
  }

  /** The number of partitions of a topic; undefined before it was looked up. */
  partitionCount(fullTopic: string): number | undefined {
    return this.#topics.get(fullTopic)?.partitionCount;
  }

  /** Notes the number of partitions of a topic that was entered. */
  setPartitionCount(fullTopic: string, count: number): void {
    this.#entered(fullTopic).partitionCount = count;
  }

  /** The producer of a partition of a topic that was entered. */
  partition(fullTopic: string, partition: number): PartitionProducer {
    const { partitions } = this.#entered(fullTopic);
    const existing = partitions.get(partition);
    if (existing !== undefined) return existing;
    const producer = new PartitionProducer(fullTopic, partition, this.#options);
    partitions.set(partition, producer);
    return producer;
  }

  #entered(fullTopic: string): PublishedTopic {
    return this.#topics.get(fullTopic) as PublishedTopic;
  }

  #forgetIdle(): void {
    if (this.#topics.size < this.#forgetAt) return;
    for (const [fullTopic, topic] of this.#topics) if (isIdle(topic)) this.#topics.delete(fullTopic);
    this.#options.identity.renew();
    this.#forgetAt = Math.max(this.#keptTopics, 2 * this.#topics.size);
  }
}

interface PublishedTopic {
  /** Those that have entered and not left. */
  calls: number;
  partitionCount: number | undefined;
  readonly partitions: Map<number, PartitionProducer>;
}

/** Whether nothing is in flight, and no batch waits until it is known what became of it. */
function isIdle({ calls, partitions }: PublishedTopic): boolean {
  return calls === 0 && [...partitions.values()].every(({ isSettled }) => isSettled);
}
