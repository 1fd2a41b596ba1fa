import { IllegalStateError, ProduceFailedError } from '../errors/bus-errors.js';
import { reasonOf } from '../errors/events-error.js';
import { InfrastructureError } from '../errors/receiver-errors.js';
import { backOff } from '../runtime/backoff.js';
import { FailureLog } from '../runtime/failure-log.js';
import type { Message } from '../wire/message.js';
import { isRetryable, type QueuedSend, WaitingSend } from './waiting-send.js';

/**
 * What became of one message of a batch. `notAttempted`: it was not written, because an earlier message of its key failed;
 * it is sent again with the next batch, behind that message if it is retried.
 */
export type PublishOutcome =
  | { readonly position: string }
  | { readonly error: unknown }
  | { readonly notAttempted: true };

export interface SendQueueOptions {
  readonly topic: string;
  readonly maxBatchSize: number;
  readonly deliveryTimeoutMs: number;
  readonly publish: (
    messages: readonly Message[],
    abortSignal: AbortSignal,
  ) => Promise<readonly PublishOutcome[]>;
}

/**
 * The sends to one topic, in order. While a request is under way, further sends gather and leave together with the
 * next: no timer delays a lone event, and a busy topic fills its batches by itself. A send that failed for a
 * retryable reason keeps its place in front until its time is up; none of its key is published before it.
 */
export class SendQueue {
  readonly #options: SendQueueOptions;
  readonly #abort = new AbortController();
  #abandoned: ProduceFailedError | undefined;
  /** Ends the wait for the bus or the registry. */
  #endWait: ((error: unknown) => void) | undefined;
  #waiting: WaitingSend[] = [];
  #added = 0;
  #flushes: { readonly upTo: number; readonly resolve: () => void }[] = [];
  #isRunning = false;
  #lastError: string | undefined;
  /** The same of the batch that is being published. */
  #batchError: string | undefined;
  readonly #failures: FailureLog;

  constructor(options: SendQueueOptions) {
    this.#options = options;
    this.#failures = new FailureLog({
      failing: 'the broker does not accept events; they are sent again until deliveryTimeoutMs is over',
      recovered: 'the broker accepts events again',
      facts: { topic: options.topic },
    });
  }

  /** Why the broker did not accept the last batch; undefined when it did or nothing waits. */
  get lastError(): string | undefined {
    return this.#lastError;
  }

  add(send: QueuedSend): void {
    const { topic, deliveryTimeoutMs } = this.#options;
    this.#added += 1;
    this.#waiting.push(new WaitingSend(send, { topic, deliveryTimeoutMs, number: this.#added }));
    if (!this.#isRunning) void this.#run();
  }

  /** Fails at once the sends that wait and must not be sent any more. One in flight is settled by the answer of the bus. */
  failStopped(): void {
    this.#waiting = this.#waiting.filter((send) => !send.failIfStopped());
  }

  /** Resolves when everything added before has been accepted or has failed; what is added later is not waited for. */
  flush(): Promise<void> {
    if (!this.#isRunning) return Promise.resolve();
    return new Promise((resolve) => this.#flushes.push({ upTo: this.#added, resolve }));
  }

  /** Fails the sends that still wait and aborts the request in flight. */
  abort(): void {
    this.#abort.abort(new IllegalStateError('send', 'closed'));
  }

  /** Fails the request in flight too, when the bus has not ended it after `abort`. */
  abandon(): void {
    const reason = 'the producer was closed before the broker answered';
    this.#abandoned = new ProduceFailedError(this.#options.topic, reason, {
      retryable: false,
      outcome: 'unknown',
    });
    this.#endWait?.(this.#abandoned);
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    await Promise.resolve(); // sends of the same tick go into one batch
    let failedTries = 0;
    while (this.#waiting.length > 0) {
      if (this.#abort.signal.aborted) this.#failWaiting();
      else await this.#publishBatch();
      this.#resolveFlushes();
      failedTries = this.#lastError === undefined ? 0 : failedTries + 1;
      if (failedTries > 0 && this.#waiting.length > 0) await this.#pause(failedTries);
    }
    this.#resolveFlushes(); // those that waited for sends that were stopped
    this.#lastError = undefined; // nothing waits: whether the broker is reachable is unknown
    this.#isRunning = false;
  }

  #failWaiting(): void {
    const why = this.#lastError === undefined ? '' : ` (${this.#lastError})`;
    for (const send of this.#waiting.splice(0)) send.failClosed(why);
  }

  /** Retries keep their place in front, so the first that waits is the oldest that is not settled. */
  #resolveFlushes(): void {
    const oldest = this.#waiting[0]?.number ?? Number.POSITIVE_INFINITY;
    const done = this.#flushes.filter(({ upTo }) => upTo < oldest);
    this.#flushes = this.#flushes.filter(({ upTo }) => upTo >= oldest);
    for (const { resolve } of done) resolve();
  }

  async #pause(failedTries: number): Promise<void> {
    await backOff(failedTries, { initialMs: 50, maxMs: 1_000 }, this.#abort.signal);
  }

  async #publishBatch(): Promise<void> {
    const batch = this.#waiting.splice(0, this.#options.maxBatchSize);
    const again = new Set<WaitingSend>();
    this.#batchError = undefined;
    const framed = await this.#frame(batch, again);
    const outcomes = framed.length === 0 ? [] : await this.#tryPublish(framed.map(({ message }) => message));
    const isIdle = outcomes.length > 0 && outcomes.every((outcome) => 'notAttempted' in outcome);
    for (const [index, { send, message }] of framed.entries()) {
      send.noteMessage(message);
      const outcome = isIdle ? this.#noneAttempted() : (outcomes[index] ?? this.#unanswered());
      this.#settle(send, outcome, again);
    }
    this.#lastError = this.#batchError;
    if (again.size > 0) this.#waiting = [...batch.filter((send) => again.has(send)), ...this.#waiting];
  }

  /**
   * Makes the messages of a batch. Where one cannot be made yet, e.g. because a registry is unreachable, later sends of its
   * key wait with it.
   */
  async #frame(
    batch: readonly WaitingSend[],
    again: Set<WaitingSend>,
  ): Promise<readonly { readonly send: WaitingSend; readonly message: Message }[]> {
    const framed: { readonly send: WaitingSend; readonly message: Message }[] = [];
    const waitingKeys = new Set<string>();
    for (const send of batch) {
      if (send.failIfStopped()) continue;
      if (send.key !== undefined && waitingKeys.has(send.key)) {
        again.add(send);
        continue;
      }
      try {
        const made = send.message();
        framed.push({ send, message: made instanceof Promise ? await this.#unlessAbandoned(made) : made });
      } catch (error) {
        if (!this.#mayRetry(error, send)) send.failUnframed(error, this.#abort.signal.aborted);
        else {
          again.add(send);
          if (send.key !== undefined) waitingKeys.add(send.key);
        }
      }
    }
    return framed.filter(({ send }) => !send.failIfStopped()); // a call may have been aborted while a registry was asked
  }

  #settle(send: WaitingSend, outcome: PublishOutcome, again: Set<WaitingSend>): void {
    if ('position' in outcome) {
      this.#failures.recovered();
      send.accept(outcome.position);
    } else if ('notAttempted' in outcome || this.#mayRetry(outcome.error, send)) {
      if (!send.failIfStopped()) again.add(send);
    } else send.failUnpublished(outcome.error, this.#abort.signal.aborted);
  }

  async #tryPublish(messages: readonly Message[]): Promise<readonly PublishOutcome[]> {
    try {
      return await this.#unlessAbandoned(this.#options.publish(messages, this.#abort.signal));
    } catch (error) {
      return messages.map(() => ({ error }));
    }
  }

  /** One wait at a time. A race with one promise that lasts as long as the queue would keep every result until then. */
  #unlessAbandoned<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      work.then(resolve, reject);
      if (this.#abandoned === undefined) this.#endWait = reject;
      else reject(this.#abandoned);
    });
  }

  #unanswered(): PublishOutcome {
    const reason = 'the bus returned no outcome for this message';
    const options = { retryable: false, outcome: 'unknown' } as const;
    return { error: new ProduceFailedError(this.#options.topic, reason, options) };
  }

  /** A bus attempts at least the first message; one that does not would be asked again without a pause. */
  #noneAttempted(): PublishOutcome {
    return { error: new InfrastructureError('the bus attempted none of the messages') };
  }

  #mayRetry(error: unknown, send: WaitingSend): boolean {
    send.noteError(error);
    if (!isRetryable(error) || this.#abort.signal.aborted) return false;
    this.#batchError = reasonOf(error);
    this.#failures.failed(error);
    return !send.isOverdue;
  }
}
