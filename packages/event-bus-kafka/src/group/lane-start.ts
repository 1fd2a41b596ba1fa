import type { DeliveryTally } from './delivery-tally.js';
import type { HandledAhead } from './handled-ahead.js';

/** What a lane starts with. */
export interface LaneStart {
  readonly fullTopic: string;
  /** The id of the topic; undefined where the broker has none. */
  readonly topicId?: string | undefined;
  readonly partition: number;
  /** Where the group is, as the broker knows it. */
  readonly committed: number;
  /** The text of that commit. @defaultValue none */
  readonly metadata?: string | null;
  /** Where this process is, which may be further. */
  readonly handled: number;
  /** What was handled from there on. @defaultValue nothing */
  readonly handledAhead?: HandledAhead;
  /** Counts deliveries; without it, every delivery is the first. */
  readonly tally?: DeliveryTally;
}
