import { setMaxListeners } from 'node:events';
import { EarlierEventFailedError, ProduceFailedError } from '../errors/bus-errors.js';
import { resolveOptions } from '../runtime/resolve-options.js';
import { runtime } from '../runtime/runtime.js';
import type { SendReceipt } from './producer.js';
import { type PublishOptions, publishOptionRules } from './publish-options.js';

/** What identifies an event of a call, and its place in the order of its key. */
export interface CallItem {
  /** Empty for a bare message. */
  readonly eventId: string;
  /** With prefix. */
  readonly topic: string;
  /** Undefined where the message has no key, and so no order. */
  readonly key: string | undefined;
  /** Its place in the batch of the call, from 0. */
  readonly place: number;
}

/** One call of `publishEncoded` or `publishMessages`: what stops its events, and its one log entry. */
export class PublishCall {
  readonly #options: Readonly<Required<PublishOptions>>;
  /** The failed event of each key that comes first in the batch. */
  readonly #failed = new Map<string, { readonly item: CallItem; readonly error: unknown }>();

  /** @throws InvalidOptionsError */
  constructor(options: PublishOptions) {
    this.#options = resolveOptions<Required<PublishOptions>>('publish', options, publishOptionRules);
  }

  get deliveryTimeoutMs(): number | undefined {
    return this.#options.deliveryTimeoutMs;
  }

  /** Why an event must not be sent any more; undefined while it may. */
  stopped({ topic, key, place }: CallItem): Error | undefined {
    const { abortSignal } = this.#options;
    if (abortSignal?.aborted === true) {
      const options = { retryable: true, cause: abortSignal.reason as unknown };
      return new ProduceFailedError(topic, 'the call was aborted (abortSignal) before it was sent', options);
    }
    if (key === undefined || this.#failed.size === 0) return undefined;
    const failed = this.#failed.get(laneOf(topic, key));
    if (failed === undefined || failed.item.place > place) return undefined;
    return new EarlierEventFailedError(topic, failed.item.eventId, { cause: failed.error });
  }

  /** Notes that an event failed, which stops later ones of its key where order is kept. */
  noteFailure(item: CallItem, error: unknown): void {
    if (!this.#options.inOrder || item.key === undefined) return;
    const lane = laneOf(item.topic, item.key);
    const known = this.#failed.get(lane);
    if (known === undefined || known.item.place > item.place) this.#failed.set(lane, { item, error });
  }

  /**
   * Resolves when every event is settled, and logs those that failed in one entry.
   *
   * @param onAbort called when the call is aborted before that
   */
  async settled(
    sends: readonly Promise<SendReceipt>[],
    onAbort: () => void,
  ): Promise<readonly PromiseSettledResult<SendReceipt>[]> {
    const { abortSignal } = this.#options;
    if (abortSignal !== undefined) setMaxListeners(0, abortSignal); // calls that overlap may share it
    abortSignal?.addEventListener('abort', onAbort, { once: true });
    try {
      const results = await Promise.allSettled(sends);
      logFailures(results);
      return results;
    } finally {
      abortSignal?.removeEventListener('abort', onAbort);
    }
  }
}

function laneOf(topic: string, key: string): string {
  return `${topic}\0${key}`;
}

function logFailures(results: readonly PromiseSettledResult<SendReceipt>[]): void {
  const failed = results.filter((result) => result.status === 'rejected');
  if (failed.length === 0) return;
  const facts = { err: failed[0]?.reason as unknown, failed: failed.length, events: results.length };
  runtime().logger.error(facts, notPublished);
}

const notPublished =
  'events of a call were not published; err is the error of the first, and the results of the call have that of each';
