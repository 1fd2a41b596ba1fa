import type { Message } from '../wire/message.js';

/** A message that a broker handed to this consumer, until it is acknowledged. */
export interface Delivery {
  readonly message: Message;
  /** What is handled in order and acknowledged together: a partition, a stream. */
  readonly lane: string;
  /** Grows within a lane; what `acknowledge` takes. */
  readonly ordinal: number;
  /** Where it lies, for people: `0:17`, `1718-0`. */
  readonly position: string;
  /**
   * How often it was delivered to this group, this time included. Of the third and later deliveries only those count of
   * which `countExclusive` was told. A bus that knows nothing says 1.
   */
  readonly deliveryCount: number;
  /** Fires when the lane was taken away: its results are no longer wanted. */
  readonly abortSignal: AbortSignal;
}
