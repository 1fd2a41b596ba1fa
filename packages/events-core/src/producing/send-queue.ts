import { IllegalStateError, ProduceFailedError } from '../errors/bus-errors.js';
import { reasonOf } from '../errors/events-error.js';
import { backOff } from '../runtime/backoff.js';
import type { FailureLog } from '../runtime/failure-log.js';
import type { Message } from '../wire/message.js';
import { BatchCall, type FramedSend } from './batch-call.js';
import type { PublishOutcome } from './publish-outcome.js';
import { sendFailureLog } from './send-failure-log.js';
import { isRetryable, type QueuedSend, WaitingSend } from './waiting-send.js';

export interface SendQueueOptions {
  readonly topic: string;
  readonly maxBatchSize: number;
  readonly deliveryTimeoutMs: number;
  /** @param report may be called with outcomes before all are known */
  readonly publish: (
    messages: readonly Message[],
    abortSignal: AbortSignal,
    report: (place: number, outcome: PublishOutcome) => void,
  ) => Promise<readonly PublishOutcome[]>;
  /** Ends the requests of the queue. @defaultValue its own */
  readonly abort?: AbortController;
  /** Logs that sends fail, and that they do no more. @defaultValue its own */
  readonly failures?: FailureLog;
  /** Called when nothing waits any more. @defaultValue none */
  readonly onIdle?: (() => void) | undefined;
}

/**
 * The sends to a topic, or to one lane of it, in order. While a request is under way, further sends gather and leave
 * together with the next: no timer delays a lone event, and a busy topic fills its batches by itself. A send that failed
 * for a retryable reason keeps its place in front until its time is up; none of its key is published before it.
 */
export class SendQueue {
  protected readonly options: SendQueueOptions;
  protected readonly aborting: AbortController;
  protected readonly failures: FailureLog;
  #abandoned: ProduceFailedError | undefined;
  /** Each ends a wait for the bus or the registry. */
  readonly #endWaits = new Set<(error: unknown) => void>();
  /** Resolves when the first batch may be published. */
  #ready: Promise<void> = Promise.resolve();
  #waiting: WaitingSend[] = [];
  #added = 0;
  #flushes: { readonly upTo: number; readonly resolve: () => void }[] = [];
  #isRunning = false;
  #lastError: string | undefined;
  /** The same of the batch that is being published. */
  #batchError: string | undefined;

  constructor(options: SendQueueOptions) {
    this.options = options;
    this.aborting = options.abort ?? new AbortController();
    this.failures = options.failures ?? sendFailureLog(options.topic);
  }

  /** Why the broker did not accept the last batch; undefined when it did or nothing waits. */
  get lastError(): string | undefined {
    return this.#lastError;
  }

  /** Whether nothing waits, and nothing is in flight. */
  get isIdle(): boolean {
    return !this.#isRunning;
  }

  add(send: QueuedSend): void {
    const { topic, deliveryTimeoutMs } = this.options;
    this.push(new WaitingSend(send, { topic, deliveryTimeoutMs }));
  }

  /** Adds a send that has waited in another queue, or is new. */
  push(send: WaitingSend): void {
    this.#added += 1;
    send.number = this.#added;
    this.#waiting.push(send);
    if (!this.#isRunning) void this.#run();
  }

  /** Publishes nothing until these sends are known, which come before all others. */
  startWith(sends: Promise<readonly WaitingSend[]>): void {
    this.#ready = sends.then((first) => this.putInFront(first));
    if (!this.#isRunning) void this.#run();
  }

  protected putInFront(sends: readonly WaitingSend[]): void {
    for (const send of sends) send.number = 0;
    this.#waiting = [...sends, ...this.#waiting];
    if (sends.length > 0 && !this.#isRunning) void this.#run();
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
    this.aborting.abort(new IllegalStateError('send', 'closed'));
  }

  /** Fails the request in flight too, when the bus has not ended it after `abort`. */
  abandon(): void {
    const reason = 'the producer was closed before the broker answered';
    const facts = { retryable: false, outcome: 'unknown' } as const;
    this.#abandoned = new ProduceFailedError(this.options.topic, reason, facts);
    for (const endWait of this.#endWaits) endWait(this.#abandoned);
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    await this.#ready; // sends of the same tick go into one batch
    let failedTries = 0;
    while (this.#waiting.length > 0) {
      if (this.aborting.signal.aborted) this.#failWaiting();
      else await this.#publishBatch();
      this.#resolveFlushes();
      failedTries = this.#lastError === undefined ? 0 : failedTries + 1;
      if (failedTries > 0 && this.#waiting.length > 0)
        await backOff(failedTries, { initialMs: 50, maxMs: 1_000 }, this.aborting.signal);
    }
    this.#resolveFlushes(); // those that waited for sends that were stopped
    this.#lastError = undefined; // nothing waits: whether the broker is reachable is unknown
    this.#isRunning = false;
    this.options.onIdle?.();
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

  async #publishBatch(): Promise<void> {
    const batch = this.#waiting.splice(0, this.options.maxBatchSize);
    const again = new Set<WaitingSend>();
    this.#batchError = undefined;
    const framed = await this.#frame(batch, again);
    for (const { send, message } of framed) send.noteMessage(message);
    if (framed.length > 0) await this.publish(framed, again);
    this.#lastError = this.#batchError;
    if (again.size > 0) this.#waiting = [...batch.filter((send) => again.has(send)), ...this.#waiting];
  }

  /** Publishes messages, and adds those sends to `again` that are to be tried again. */
  protected publish(framed: readonly FramedSend[], again: Set<WaitingSend>): Promise<void> {
    const settle = ({ send }: FramedSend, outcome: PublishOutcome) => {
      if (this.settle(send, outcome) === 'again') again.add(send);
    };
    return this.call(new BatchCall(framed, settle));
  }

  /**
   * Makes the messages of a batch. Where one cannot be made yet, e.g. because a registry is unreachable, later sends of its
   * key wait with it.
   */
  async #frame(batch: readonly WaitingSend[], again: Set<WaitingSend>): Promise<readonly FramedSend[]> {
    const framed: FramedSend[] = [];
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
        if (!this.#mayRetry(error, send)) send.failUnframed(error, this.aborting.signal.aborted);
        else {
          again.add(send);
          if (send.key !== undefined) waitingKeys.add(send.key);
        }
      }
    }
    return this.publishable(framed);
  }

  /** Leaves out what must not be published: a call may have been aborted while a registry was asked. */
  protected publishable(framed: readonly FramedSend[]): readonly FramedSend[] {
    return framed.filter(({ send }) => !send.failIfStopped());
  }

  /** Settles a send, unless it is to be tried again. */
  protected settle(send: WaitingSend, outcome: PublishOutcome): 'settled' | 'again' {
    if ('position' in outcome) {
      this.#lastError = undefined; // before the sender learns it
      this.noteAccepted();
      send.accept(outcome.position);
      return 'settled';
    }
    if ('notAttempted' in outcome || this.#mayRetry(outcome.error, send))
      return send.failIfStopped() ? 'settled' : 'again';
    send.failUnpublished(outcome.error, this.aborting.signal.aborted);
    return 'settled';
  }

  protected noteAccepted(): void {
    this.failures.recovered();
  }

  /** Notes why a batch is tried again. */
  protected noteRetryable(reason: string): void {
    this.#batchError = reason;
  }

  /** Calls the bus. Resolves when every send of the call is settled, or is to be tried again. */
  protected async call(call: BatchCall): Promise<void> {
    const messages = call.framed.map(({ message }) => message);
    const report = (place: number, outcome: PublishOutcome) => call.report(place, outcome);
    let outcomes: readonly PublishOutcome[];
    try {
      outcomes = await this.#unlessAbandoned(this.options.publish(messages, this.aborting.signal, report));
    } catch (error) {
      outcomes = messages.map(() => ({ error }));
    }
    call.end(outcomes);
  }

  /** A race with one promise that lasts as long as the queue would keep every result until then. */
  #unlessAbandoned<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#abandoned !== undefined) reject(this.#abandoned);
      this.#endWaits.add(reject);
      work.then(resolve, reject).finally(() => this.#endWaits.delete(reject));
    });
  }

  #mayRetry(error: unknown, send: WaitingSend): boolean {
    send.noteError(error);
    if (!isRetryable(error) || this.aborting.signal.aborted) return false;
    this.noteRetryable(reasonOf(error));
    this.failures.failed(error);
    return !send.isOverdue;
  }
}
