import type { Message } from '../../wire/message.js';

/** A message that a bus yielded to this consumer. The consumer owns it until it is acknowledged or its lane is drained. */
export interface Delivery {
  readonly message: Message;
  /** The unit of order and of acknowledgement: a partition or a stream. */
  readonly lane: string;
  /** Increases within a lane; identifies the delivery in `acknowledge` and `countExclusive`. */
  readonly ordinal: number;
  /** Where the message is stored, in text for people and logs: `0:17`, `1718-0`. */
  readonly position: string;
  /**
   * How often the event was delivered to this group, this delivery included. From `EXCLUSIVE_FROM_DELIVERY` on, only
   * deliveries reported through `countExclusive` are counted. A bus without delivery counts returns 1.
   */
  readonly deliveryCount: number;
  /** Fires when the lane was lost: results of this delivery are no longer wanted and are not acknowledged. */
  readonly abortSignal: AbortSignal;
}
