import { SendQueue, type SendQueueOptions } from './send-queue.js';
import { TopicQueue, type TopicQueueOptions } from './topic-queue.js';

/** What all queues of a producer have in common; without `laneOf`, a topic has one lane. */
export type SendQueuesOptions = Omit<SendQueueOptions, 'topic'> & Partial<Pick<TopicQueueOptions, 'laneOf'>>;

/**
 * The queues of a producer, one for each topic that it sends to. A program may make up topics, e.g. one for each course, so
 * idle queues are removed when there are many.
 */
export class SendQueues {
  readonly #options: SendQueuesOptions;
  readonly #queues = new Map<string, SendQueue>();
  #removeIdleAt = LEAST_REMOVED;

  constructor(options: SendQueuesOptions) {
    this.#options = options;
  }

  /** The number of queues. */
  get size(): number {
    return this.#queues.size;
  }

  /** Why the broker does not accept what waits, by topic, for `health()`. */
  get reasons(): readonly string[] {
    return Array.from(this.#queues, ([topic, { lastError }]) =>
      lastError === undefined ? [] : [`topic ${topic}: ${lastError}`],
    ).flat();
  }

  /** The queue of a topic. */
  of(topic: string): SendQueue {
    const existing = this.#queues.get(topic);
    if (existing !== undefined) return existing;
    this.#removeIdle();
    const { laneOf, ...options } = this.#options;
    const queue =
      laneOf === undefined
        ? new SendQueue({ ...options, topic })
        : new TopicQueue({ ...options, topic, laneOf });
    this.#queues.set(topic, queue);
    return queue;
  }

  /** Fails at once the sends that wait and must not be sent any more. */
  failStopped(): void {
    for (const queue of this.#queues.values()) queue.failStopped();
  }

  /** Resolves when everything that was added before has been accepted or has failed. */
  async flush(): Promise<void> {
    await Promise.all(Array.from(this.#queues.values(), (queue) => queue.flush()));
  }

  /** Fails the sends that still wait and aborts the requests in flight. */
  abort(): void {
    for (const queue of this.#queues.values()) queue.abort();
  }

  /** Fails the requests in flight too, when the bus has not ended them after `abort`. */
  abandon(): void {
    for (const queue of this.#queues.values()) queue.abandon();
  }

  #removeIdle(): void {
    if (this.#queues.size < this.#removeIdleAt) return;
    for (const [topic, { isIdle }] of this.#queues) if (isIdle) this.#queues.delete(topic);
    this.#removeIdleAt = Math.max(LEAST_REMOVED, 2 * this.#queues.size);
  }
}

/** So many are few: an idle queue remembers whether its topic has failed, and logs no failure twice. */
const LEAST_REMOVED = 1_000;
