import { IllegalStateError, ProduceFailedError } from '../errors/bus-errors.js';
import { reasonOf } from '../errors/events-error.js';
import { backoffMs } from '../runtime/backoff.js';
import { settings } from '../runtime/settings.js';
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
  #waiting: WaitingSend[] = [];
  #running: Promise<void> | undefined;
  #trouble: string | undefined;

  constructor(options: SendQueueOptions) {
    this.#options = options;
  }

  /** Why the broker does not take what waits, if it does not. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  add(send: QueuedSend): void {
    const deadline = settings().clock.monotonic() + this.#options.deliveryTimeoutMs;
    this.#waiting.push({ ...send, deadline });
    this.#running ??= this.#run();
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** Gives up what still waits. */
  abort(): void {
    this.#abort.abort(new IllegalStateError('send', 'closed'));
  }

  async #run(): Promise<void> {
    await Promise.resolve(); // sends made in the same turn leave together
    let failedTries = 0;
    while (this.#waiting.length > 0) {
      await this.#publishBatch();
      failedTries = this.#trouble === undefined ? 0 : failedTries + 1;
      if (failedTries > 0) await this.#pause(failedTries);
    }
    this.#running = undefined;
  }

  async #pause(failedTries: number): Promise<void> {
    const { clock, random, logger } = settings();
    const { topic } = this.#options;
    if (failedTries === 1)
      logger.warn({ topic, reason: this.#trouble }, 'the broker does not take events; trying again');
    await clock.sleep(backoffMs(failedTries, { initialMs: 50, maxMs: 2_000 }, random), this.#abort.signal);
  }

  async #publishBatch(): Promise<void> {
    const { publish, maxBatchSize } = this.#options;
    const batch = this.#waiting.splice(0, maxBatchSize);
    const outcomes: (PublishOutcome | Message)[] = [];
    for (const send of batch) outcomes.push(await framed(send));
    const messages = outcomes.filter((outcome): outcome is Message => 'headers' in outcome);
    const published = messages.length === 0 ? [] : await this.#tryPublish(publish, messages);
    let next = 0;
    const again: WaitingSend[] = [];
    this.#trouble = undefined;
    for (const [index, send] of batch.entries()) {
      const framing = outcomes[index] as PublishOutcome | Message;
      const outcome = 'headers' in framing ? (published[next++] as PublishOutcome) : framing;
      if ('position' in outcome) send.accepted(outcome.position);
      else if (this.#mayRetry(outcome.error, send.deadline)) again.push(send);
      else send.failed(this.#finalError(outcome.error));
    }
    if (again.length > 0) this.#waiting = [...again, ...this.#waiting];
  }

  async #tryPublish(
    publish: SendQueueOptions['publish'],
    messages: readonly Message[],
  ): Promise<readonly PublishOutcome[]> {
    try {
      return await publish(messages, this.#abort.signal);
    } catch (error) {
      return messages.map(() => ({ error }));
    }
  }

  #mayRetry(error: unknown, deadline: number): boolean {
    if (!isRetryable(error) || this.#abort.signal.aborted) return false;
    this.#trouble = reasonOf(error);
    return settings().clock.monotonic() < deadline;
  }

  #finalError(error: unknown): unknown {
    if (!isRetryable(error)) return error;
    const reason = this.#abort.signal.aborted
      ? 'the producer was closed first'
      : 'the broker stayed away for the whole deliveryTimeoutMs';
    return new ProduceFailedError(this.#options.topic, `${reason} (${reasonOf(error)})`, {
      retryable: true,
      cause: error,
    });
  }
}

interface WaitingSend extends QueuedSend {
  /** On the clock that never jumps. */
  readonly deadline: number;
}

async function framed(send: QueuedSend): Promise<PublishOutcome | Message> {
  try {
    const message = send.message();
    return message instanceof Promise ? await message : message;
  } catch (error) {
    return { error };
  }
}

function isRetryable(error: unknown): boolean {
  return (error as { retryable?: unknown } | null)?.retryable === true;
}
