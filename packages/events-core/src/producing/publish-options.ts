import { anything, durationMs, flag, type OptionRules } from '../runtime/resolve-options.js';

/** Options of one call of `publishEncoded` or `publishMessages`. */
export interface PublishOptions {
  /**
   * Keeps the order of each key in spite of failures: once an event of a key fails, later ones of that key and topic in the
   * call are not sent, and reject with `EarlierEventFailedError`. The next call may send them. @defaultValue false
   */
  readonly inOrder?: boolean;
  /**
   * Ends the call: events that wait reject with `ProduceFailedError`. Those of a request in flight settle with its answer,
   * and are not sent again.
   */
  readonly abortSignal?: AbortSignal | undefined;
  /** Time after which an event of this call is not sent again, in milliseconds. @defaultValue that of the producer */
  readonly deliveryTimeoutMs?: number | undefined;
}

/** The rules of `PublishOptions`. */
export const publishOptionRules: OptionRules<Required<PublishOptions>> = {
  inOrder: flag(false),
  abortSignal: anything(undefined),
  deliveryTimeoutMs: { problem: durationMs(0).problem, defaultValue: undefined },
};
