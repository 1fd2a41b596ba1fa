import { SendQueue, type SendQueueOptions } from './send-queue.js';
import type { WaitingSend } from './waiting-send.js';

/** The queues of those lanes of a topic that wait. A queue is gone when it is empty. */
export class LaneQueues {
  readonly #options: SendQueueOptions;
  readonly #queues = new Map<string, LaneQueue>();
  /**
   * By key, the last send that waits in one: the lane of a key changes when partitions are added. A busy lane may keep its
   * queue for long, so settled ones are forgotten.
   */
  readonly #last = new Map<string, { readonly lane: string; readonly send: WaitingSend }>();
  #forgetAt = LEAST_FORGOTTEN;

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

  /** How many keys are remembered. */
  get keys(): number {
    return this.#last.size;
  }

  /** Why the broker does not accept what waits. */
  get lastError(): string | undefined {
    return [...this.#queues.values()].map(({ lastError }) => lastError).find((error) => error !== undefined);
  }

  /** The queue in which a send must wait, because others of its key or lane do. */
  queueWith(send: WaitingSend, lane: string | undefined): LaneQueue | undefined {
    const last = send.key === undefined ? undefined : this.#last.get(send.key);
    const ofKey = last?.send.isSettled === false ? last.lane : undefined;
    const found = ofKey ?? (lane !== undefined && this.#queues.has(lane) ? lane : undefined);
    return found === undefined ? undefined : this.of(found, send);
  }

  /** The queue of a lane, in which a send waits from now on. */
  of(lane: string, send?: WaitingSend): LaneQueue {
    if (send?.key !== undefined) this.#remember(send.key, lane, send);
    const existing = this.#queues.get(lane);
    if (existing !== undefined) return existing;
    const isOnly = () => this.#queues.size === 1;
    const queue = new LaneQueue({ ...this.#options, onIdle: () => this.#forget(lane) }, isOnly);
    this.#queues.set(lane, queue);
    return queue;
  }

  /** Opens the queue of a lane whose answer for some sends is missing; it starts with those of them that fail. */
  open(lane: string, sends: readonly WaitingSend[], failed: Promise<readonly WaitingSend[]>): void {
    for (const send of sends) this.of(lane, send);
    this.of(lane).startWith(failed);
  }

  #forget(lane: string): void {
    this.#queues.delete(lane);
    for (const [key, last] of this.#last) if (last.lane === lane) this.#last.delete(key);
  }

  #remember(key: string, lane: string, send: WaitingSend): void {
    this.#last.set(key, { lane, send });
    if (this.#last.size < this.#forgetAt) return;
    for (const [known, last] of this.#last) if (last.send.isSettled) this.#last.delete(known);
    this.#forgetAt = Math.max(LEAST_FORGOTTEN, 2 * this.#last.size);
  }
}

/** So many are few: it is not worth looking for settled ones among them. */
const LEAST_FORGOTTEN = 1_000;

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
