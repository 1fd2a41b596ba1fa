import type { Message } from '../../wire/message.js';

/** A message that a bus yielded to this consumer. The consumer owns it until it is acknowledged or its lane is drained. */
export interface Delivery {
  readonly message: Message;
  /** The unit of acknowledgement: a partition or a stream. Within it, events with the same key keep their order. */
  readonly lane: string;
  /** Increases within a lane; identifies the delivery in `acknowledge` and `countExclusive`. */
  readonly ordinal: number;
  /** Where the message is stored, in text for people and logs: `0:17`, `1718-0`. */
  readonly position: string;
  /**
   * How often the event was delivered to this group while it may have crashed the process, this delivery included. The
   * first two deliveries count when the process died while the event may have been in flight; from
   * `FIRST_EXCLUSIVE_DELIVERY` on, only those count that were reported through `countExclusive`, with nothing else in
   * flight. A bus without delivery counts returns 1.
   */
  readonly deliveryCount: number;
  /**
   * Fires when the lane was lost: results of this delivery are no longer wanted and are not acknowledged. All deliveries
   * of one assignment of a lane share it.
   */
  readonly abortSignal: AbortSignal;
  /**
   * Why the bus could not read what is stored at this position, such as a damaged batch. The delivery is then treated as a
   * message that cannot be decoded, whatever `message` holds: its dead letter has the facts and points to the source.
   */
  readonly unreadable?: Error | undefined;
  /** Set by the consumer for what was redriven for another group, whose retry topic has the same name: it is skipped. */
  readonly isOfOtherGroup?: true;
}
