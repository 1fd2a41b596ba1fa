import type { Message } from '../wire/message.js';

/** A message and its place in a topic. */
export interface StoredMessage {
  readonly message: Message;
  /** The partition or stream. */
  readonly lane: string;
  /** As in deliveries: `0:17`, `1718-0`. The numbers in it grow within a lane, the first counting most (`comparePositions`). */
  readonly position: string;
  /**
   * When the broker stored it, in milliseconds since 1970; null when the broker does not report it. On Kafka the time of
   * the record: when it was sent, unless the topic has `message.timestamp.type=LogAppendTime`.
   */
  readonly storedAt: number | null;
}
