import { ProduceFailedError } from '../errors/bus-errors.js';
import { InfrastructureError } from '../errors/receiver-errors.js';
import { runtime } from '../runtime/runtime.js';
import type { Message } from '../wire/message.js';
import type { PublishOutcome } from './publish-outcome.js';
import type { WaitingSend } from './waiting-send.js';

/** A send with the message that was made of it. */
export interface FramedSend {
  readonly send: WaitingSend;
  readonly message: Message;
}

/** One call of `publish`: settles each of its sends once, when the bus reports its outcome, or else when it returns. */
export class BatchCall {
  readonly framed: readonly FramedSend[];
  readonly #settle: (framed: FramedSend, outcome: PublishOutcome) => void;
  readonly #onLinger: (() => void) | undefined;
  /** 1 for each place that was reported; made with the first. */
  #reported: Uint8Array | undefined;
  #open: number;
  #hasEnded = false;
  #ended: AbortController | undefined;

  /** @param onLinger called when the bus has reported an outcome, and has not reported all `LINGER_MS` later. @defaultValue none */
  constructor(
    framed: readonly FramedSend[],
    settle: (framed: FramedSend, outcome: PublishOutcome) => void,
    onLinger?: () => void,
  ) {
    this.framed = framed;
    this.#open = framed.length;
    this.#settle = settle;
    this.#onLinger = onLinger;
  }

  /** The sends whose outcome is not known yet, in their order. */
  get unsettled(): readonly FramedSend[] {
    return this.framed.filter((_, place) => this.#reported?.[place] !== 1);
  }

  /** Notes an outcome that the bus reports before it returns. */
  report(place: number, outcome: PublishOutcome): void {
    const framed = this.framed[place];
    if (framed === undefined || this.#hasEnded || this.#reported?.[place] === 1) return;
    if (this.#reported === undefined) {
      this.#reported = new Uint8Array(this.framed.length);
      if (this.#onLinger !== undefined) void this.#watch(this.#onLinger);
    }
    this.#reported[place] = 1;
    this.#open -= 1;
    this.#settle(framed, outcome);
  }

  /** Settles what the bus had not reported when it returned these outcomes. */
  end(outcomes: readonly PublishOutcome[]): void {
    this.#hasEnded = true;
    this.#ended?.abort();
    const isIdle = outcomes.length > 0 && outcomes.every((outcome) => 'notAttempted' in outcome);
    for (const [place, framed] of this.framed.entries()) {
      if (this.#reported?.[place] === 1) continue;
      this.#settle(framed, isIdle ? noneAttempted() : (outcomes[place] ?? unanswered(framed.message)));
    }
  }

  async #watch(onLinger: () => void): Promise<void> {
    await Promise.resolve(); // what is reported together needs no timer
    if (this.#hasEnded || this.#open === 0) return;
    this.#ended = new AbortController();
    await runtime().clock.sleep(LINGER_MS, this.#ended.signal);
    if (!this.#hasEnded && this.#open > 0) onLinger();
  }
}

/** Brokers answer the parts of a request within milliseconds of each other; one that does not must not hold up the others. */
const LINGER_MS = 100;

/** A bus attempts at least the first message; one that does not would be asked again without a pause. */
function noneAttempted(): PublishOutcome {
  return { error: new InfrastructureError('the bus attempted none of the messages') };
}

function unanswered({ topic }: Message): PublishOutcome {
  const reason = 'the bus returned no outcome for this message';
  return { error: new ProduceFailedError(topic, reason, { retryable: false, outcome: 'unknown' }) };
}
