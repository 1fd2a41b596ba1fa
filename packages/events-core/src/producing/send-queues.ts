import { BoundedCache } from '../runtime/bounded-cache.js';
import type { FailureLog } from '../runtime/failure-log.js';
import { sendFailureLog } from './send-failure-log.js';
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
  readonly #queues = new Map<string, TopicEntry>();
  /** Logs of topics that fail, and whose queues were removed, so that no failure is logged twice. */
  readonly #failing = new BoundedCache<string, FailureLog>({ maxEntries: 1_000 });
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
    return Array.from(this.#queues, ([topic, { queue }]) =>
      queue.lastError === undefined ? [] : [`topic ${topic}: ${queue.lastError}`],
    ).flat();
  }

  /** The queue of a topic. */
  of(topic: string): SendQueue {
    const existing = this.#queues.get(topic);
    if (existing !== undefined) return existing.queue;
    this.#removeIdle();
    const failures = this.#failing.get(topic) ?? sendFailureLog(topic);
    this.#failing.delete(topic);
    const { laneOf, ...shared } = this.#options;
    const options = { ...shared, topic, failures };
    const queue = laneOf === undefined ? new SendQueue(options) : new TopicQueue({ ...options, laneOf });
    this.#queues.set(topic, { queue, failures });
    return queue;
  }

  /** Fails at once the sends that wait and must not be sent any more. */
  failStopped(): void {
    for (const { queue } of this.#queues.values()) queue.failStopped();
  }

  /** Resolves when everything that was added before has been accepted or has failed. */
  async flush(): Promise<void> {
    await Promise.all(Array.from(this.#queues.values(), ({ queue }) => queue.flush()));
  }

  /** Fails the sends that still wait and aborts the requests in flight. */
  abort(): void {
    for (const { queue } of this.#queues.values()) queue.abort();
  }

  /** Fails the requests in flight too, when the bus has not ended them after `abort`. */
  abandon(): void {
    for (const { queue } of this.#queues.values()) queue.abandon();
  }

  #removeIdle(): void {
    if (this.#queues.size < this.#removeIdleAt) return;
    for (const [topic, { queue, failures }] of this.#queues) {
      if (!queue.isIdle) continue;
      this.#queues.delete(topic);
      if (failures.isFailing) this.#failing.set(topic, failures);
    }
    this.#removeIdleAt = Math.max(LEAST_REMOVED, 2 * this.#queues.size);
  }
}

interface TopicEntry {
  readonly queue: SendQueue;
  readonly failures: FailureLog;
}

/** So many are few: it is not worth looking for idle ones among them. */
const LEAST_REMOVED = 1_000;
