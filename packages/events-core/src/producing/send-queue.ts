import { IllegalStateError, ProduceFailedError } from '../errors/bus-errors.js';
import { EventsError, reasonOf } from '../errors/events-error.js';
import { faultOf } from '../errors/produce-fault.js';
import { backOff } from '../runtime/backoff.js';
import { FailureLog } from '../runtime/failure-log.js';
import { runtime } from '../runtime/runtime.js';
import type { Message } from '../wire/message.js';

/** What became of one message of a batch. */
export type PublishOutcome = { readonly position: string } | { readonly error: unknown };

/** One message that waits for the broker. */
export interface QueuedSend {
  /** Makes the message; called again for each try, may ask a registry. */
  readonly message: () => Message | Promise<Message>;
  readonly accepted: (position: string) => void;
  readonly failed: (error: unknown) => void;
}

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
 * retryable reason keeps its place in front until its time is up.
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

  add({ message, accepted, failed }: QueuedSend): void {
    const deadline = runtime().clock.monotonic() + this.#options.deliveryTimeoutMs;
    this.#added += 1;
    this.#waiting.push({ message, accepted, failed, deadline, number: this.#added, mayBeAccepted: false });
    if (!this.#isRunning) void this.#run();
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
    this.#lastError = undefined; // nothing waits: whether the broker is reachable is unknown
    this.#isRunning = false;
  }

  #failWaiting(): void {
    const why = this.#lastError === undefined ? '' : ` (${this.#lastError})`;
    for (const send of this.#waiting.splice(0))
      send.failed(this.#timeUp(send, `the producer was closed first${why}`));
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
    const { publish, maxBatchSize } = this.#options;
    const batch = this.#waiting.splice(0, maxBatchSize);
    const outcomes: (PublishOutcome | Message)[] = [];
    for (const send of batch) {
      const framed = this.#framed(send);
      outcomes.push(framed instanceof Promise ? await framed : framed);
    }
    const messages = outcomes.filter((outcome): outcome is Message => 'headers' in outcome);
    const published = messages.length === 0 ? [] : await this.#tryPublish(publish, messages);
    let next = 0;
    const again: WaitingSend[] = [];
    this.#lastError = undefined;
    for (const [index, send] of batch.entries()) {
      const framing = outcomes[index] as PublishOutcome | Message;
      const outcome = 'headers' in framing ? (published[next++] ?? this.#unanswered()) : framing;
      if ('position' in outcome) {
        this.#failures.recovered();
        send.accepted(outcome.position);
      } else if (this.#mayRetry(outcome.error, send)) again.push(send);
      else
        send.failed(
          'headers' in framing ? this.#refused(outcome.error, send) : this.#notFramed(outcome.error, send),
        );
    }
    if (again.length > 0) this.#waiting = [...again, ...this.#waiting];
  }

  async #tryPublish(
    publish: SendQueueOptions['publish'],
    messages: readonly Message[],
  ): Promise<readonly PublishOutcome[]> {
    try {
      return await this.#unlessAbandoned(publish(messages, this.#abort.signal));
    } catch (error) {
      return messages.map(() => ({ error }));
    }
  }

  #framed(send: QueuedSend): PublishOutcome | Message | Promise<PublishOutcome | Message> {
    try {
      const message = send.message();
      if (!(message instanceof Promise)) return message;
      return this.#unlessAbandoned(message).catch((error: unknown) => ({ error }));
    } catch (error) {
      return { error };
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

  #mayRetry(error: unknown, send: WaitingSend): boolean {
    if (mayBeAccepted(error)) send.mayBeAccepted = true;
    if (!isRetryable(error) || this.#abort.signal.aborted) return false;
    this.#lastError = reasonOf(error);
    this.#failures.failed(error);
    return runtime().clock.monotonic() < send.deadline;
  }

  /** Senders get one kind of error, with the error of the bus as its cause. */
  #refused(error: unknown, send: WaitingSend): unknown {
    if (isRetryable(error) || error instanceof ProduceFailedError) return this.#finalError(error, send);
    const options = { retryable: false, fault: faultOf(error), cause: error };
    return new ProduceFailedError(this.#options.topic, reasonOf(error), options);
  }

  /** Only its own event is framed at a time: unless the error says otherwise, the event is the cause. */
  #notFramed(error: unknown, send: WaitingSend): unknown {
    if (isRetryable(error) || EventsError.is(error) || hasFault(error)) return this.#finalError(error, send);
    const options = { retryable: false, fault: 'event', cause: error } as const;
    return new ProduceFailedError(this.#options.topic, reasonOf(error), options);
  }

  #finalError(error: unknown, send: WaitingSend): unknown {
    if (!isRetryable(error)) return error;
    const reason = this.#abort.signal.aborted
      ? 'the producer was closed first'
      : send.mayBeAccepted
        ? 'the broker did not answer within deliveryTimeoutMs'
        : 'the broker was unreachable for the whole deliveryTimeoutMs';
    return this.#timeUp(send, `${reason} (${reasonOf(error)})`, error);
  }

  /** Sent again, an event that may have been accepted could come twice. */
  #timeUp({ mayBeAccepted }: WaitingSend, reason: string, cause?: unknown): ProduceFailedError {
    return new ProduceFailedError(this.#options.topic, reason, {
      retryable: !mayBeAccepted,
      outcome: mayBeAccepted ? 'unknown' : 'refused',
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

interface WaitingSend extends QueuedSend {
  /** On the clock that never jumps. */
  readonly deadline: number;
  /** Counts the sends of this queue from 1. */
  readonly number: number;
  /** Whether the answer to one of its tries is missing. */
  mayBeAccepted: boolean;
}

function mayBeAccepted(error: unknown): boolean {
  return (error as { mayBeAccepted?: unknown } | null)?.mayBeAccepted === true;
}

function isRetryable(error: unknown): boolean {
  return (error as { retryable?: unknown } | null)?.retryable === true;
}

function hasFault(error: unknown): boolean {
  return (error as { fault?: unknown } | null)?.fault !== undefined;
}
