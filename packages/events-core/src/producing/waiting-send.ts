import { ProduceFailedError } from '../errors/bus-errors.js';
import { EventsError, reasonOf } from '../errors/events-error.js';
import { faultOf, type ProduceFault } from '../errors/produce-fault.js';
import { runtime } from '../runtime/runtime.js';
import type { Message } from '../wire/message.js';

/** One message that waits for the broker. */
export interface QueuedSend {
  /** Makes the message, and makes it again for a later try, unless it may be stored already; may ask a registry. */
  readonly message: () => Message | Promise<Message>;
  readonly accepted: (position: string) => void;
  readonly failed: (error: unknown) => void;
  /** Sends with equal keys keep their order; undefined where none is promised. */
  readonly key?: string | undefined;
  /** @defaultValue that of the queue */
  readonly deliveryTimeoutMs?: number | undefined;
  /** Why the message must not be sent any more; undefined while it may. Asked before each try. @defaultValue it always may */
  readonly stopped?: (() => Error | undefined) | undefined;
}

/** A send in its queue: its deadline, and the error that its sender gets. */
export class WaitingSend {
  /** Its place in its queue, which sets it. */
  number = 0;
  readonly key: string | undefined;
  readonly #send: QueuedSend;
  readonly #topic: string;
  /** On the clock that never jumps. */
  readonly #deadline: number;
  /** Whether the answer to one of its tries is missing. */
  #mayBeAccepted = false;
  /** The message of the last try. */
  #made: Message | undefined;
  #isSettled = false;

  constructor(
    send: QueuedSend,
    { topic, deliveryTimeoutMs }: { readonly topic: string; readonly deliveryTimeoutMs: number },
  ) {
    this.key = send.key;
    this.#send = send;
    this.#topic = topic;
    this.#deadline = runtime().clock.monotonic() + (send.deliveryTimeoutMs ?? deliveryTimeoutMs);
  }

  /** Whether its sender knows what became of it. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  get isOverdue(): boolean {
    return runtime().clock.monotonic() >= this.#deadline;
  }

  /** The message to publish: the same object again when it may be stored already, by which a bus knows it. */
  message(): Message | Promise<Message> {
    return this.#mayBeAccepted && this.#made !== undefined ? this.#made : this.#send.message();
  }

  /** Notes which message is published. */
  noteMessage(message: Message): void {
    this.#made = message;
  }

  accept(position: string): void {
    this.#isSettled = true;
    this.#send.accepted(position);
  }

  /** Notes the error of a try, which may have reached the broker. */
  noteError(error: unknown): void {
    if ((error as { mayBeAccepted?: unknown } | null)?.mayBeAccepted === true) this.#mayBeAccepted = true;
  }

  /** Fails it when it must not be sent any more, and returns whether it did. */
  failIfStopped(): boolean {
    const reason = this.#send.stopped?.();
    if (reason === undefined) return false;
    this.#reject(this.#mayBeAccepted ? this.#timeUp(reasonOf(reason), reason) : reason);
    return true;
  }

  /** Fails it because the bus did not publish it. Senders get one kind of error, with the error of the bus as its cause. */
  failUnpublished(error: unknown, isClosing: boolean): void {
    if (isRetryable(error) || error instanceof ProduceFailedError) this.#fail(error, isClosing);
    else this.#refuse(error, faultOf(error));
  }

  /** Fails it because its message could not be made: the event is the cause, unless the error names another. */
  failUnframed(error: unknown, isClosing: boolean): void {
    const isTyped = EventsError.is(error) || (error as { fault?: unknown } | null)?.fault !== undefined;
    if (isTyped || isRetryable(error)) this.#fail(error, isClosing);
    else this.#refuse(error, 'event');
  }

  /** Fails it because its producer closes. */
  failClosed(why: string): void {
    this.#reject(this.#timeUp(`the producer was closed first${why}`));
  }

  #fail(error: unknown, isClosing: boolean): void {
    if (!isRetryable(error)) {
      this.#reject(error);
      return;
    }
    const reason = isClosing
      ? 'the producer was closed first'
      : this.#mayBeAccepted
        ? 'the broker did not answer within deliveryTimeoutMs'
        : 'the broker was unreachable for the whole deliveryTimeoutMs';
    this.#reject(this.#timeUp(`${reason} (${reasonOf(error)})`, error));
  }

  #refuse(error: unknown, fault: ProduceFault): void {
    const options = { retryable: false, fault, cause: error };
    this.#reject(new ProduceFailedError(this.#topic, reasonOf(error), options));
  }

  #reject(error: unknown): void {
    this.#isSettled = true;
    this.#send.failed(error);
  }

  /** Sent again, an event that may have been accepted could come twice. */
  #timeUp(reason: string, cause?: unknown): ProduceFailedError {
    return new ProduceFailedError(this.#topic, reason, {
      retryable: !this.#mayBeAccepted,
      outcome: this.#mayBeAccepted ? 'unknown' : 'refused',
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** Whether the same message may succeed later. */
export function isRetryable(error: unknown): boolean {
  return (error as { retryable?: unknown } | null)?.retryable === true;
}
