import { SendQueue, type SendQueueOptions } from './send-queue.js';
import type { WaitingSend } from './waiting-send.js';

/** The queues of those lanes of a topic that wait. A queue is gone when it is empty. */
export class LaneQueues {
  readonly #options: SendQueueOptions;
  readonly #queues = new Map<string, LaneQueue>();
  /** The lane of each key that waits in one: the lane of a key changes when partitions are added. */
  readonly #lanes = new Map<string, string>();

  constructor(options: SendQueueOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#queues.size;
  }

  /** The queues that exist now. */
  get all(): readonly SendQueue[] {
    return [...this.#queues.values()];
  }

  /** Why the broker does not accept what waits. */
  get lastError(): string | undefined {
    return [...this.#queues.values()].map(({ lastError }) => lastError).find((error) => error !== undefined);
  }

  /** The queue in which a send must wait, because others of its key or lane do. */
  queueWith(key: string | undefined, lane: string | undefined): LaneQueue | undefined {
    const ofKey = key === undefined ? undefined : this.#lanes.get(key);
    const found = ofKey ?? (lane !== undefined && this.#queues.has(lane) ? lane : undefined);
    return found === undefined ? undefined : this.of(found, key);
  }

  /** The queue of a lane, in which a send with this key waits from now on. */
  of(lane: string, key: string | undefined): LaneQueue {
    if (key !== undefined) this.#lanes.set(key, lane);
    const existing = this.#queues.get(lane);
    if (existing !== undefined) return existing;
    const isOnly = () => this.#queues.size === 1;
    const queue = new LaneQueue({ ...this.#options, onIdle: () => this.#forget(lane) }, isOnly);
    this.#queues.set(lane, queue);
    return queue;
  }

  /** Opens the queue of a lane whose answer for some sends is missing; it starts with those of them that fail. */
  open(lane: string, sends: readonly WaitingSend[], failed: Promise<readonly WaitingSend[]>): void {
    for (const { key } of sends) this.of(lane, key);
    this.of(lane, undefined).startWith(failed);
  }

  #forget(lane: string): void {
    this.#queues.delete(lane);
    for (const [key, its] of this.#lanes) if (its === lane) this.#lanes.delete(key);
  }
}

/** The queue of a lane that waits. */
class LaneQueue extends SendQueue {
  readonly #isOnly: () => boolean;
  #firstError: string | undefined;

  constructor(options: SendQueueOptions, isOnly: () => boolean) {
    super(options);
    this.#isOnly = isOnly;
  }

  override get lastError(): string | undefined {
    return super.lastError ?? this.#firstError;
  }

  /** Adds a send that has failed, with the reason. */
  retry(send: WaitingSend, reason: string | undefined): void {
    this.#firstError ??= reason;
    this.push(send);
  }

  /** The broker accepts events again when no other lane waits. */
  protected override noteAccepted(): void {
    this.#firstError = undefined;
    if (this.#isOnly()) super.noteAccepted();
  }
}
