import type { StoredMessage } from './stored-message.js';

/**
 * Shows a topic to operators: its newest messages, those that arrive, and its size. It costs the same for a topic of a
 * hundred messages and of a million, changes nothing and affects no group. Topics are full names with their prefix.
 *
 * A cursor is a place in a topic with all its lanes. It is text that only the bus reads, and stays valid in other
 * processes, so that a page can keep it in its address.
 *
 * All methods reject with an `InfrastructureError` when the broker cannot be reached.
 */
export interface TopicBrowser {
  /**
   * Returns the newest messages of a topic, or those before a cursor, newest first. Each lane keeps its order; between lanes
   * the time decides. Returns none for a topic that does not exist, and no removed message.
   *
   * @throws InvalidOptionsError when `count` is no whole number of 1 to 1,000, or `before` is no cursor of this bus
   */
  newest(fullTopic: string, query: NewestQuery): Promise<NewestMessages>;

  /**
   * Yields the messages of a topic as they arrive, in pages that hold at least one message; each lane in its order. It
   * waits for a topic that does not exist, and creates none. The next page is read when it is asked for: a reader that is
   * slow holds one page, and misses what the broker deletes until it asks. Ends when the signal fires.
   *
   * When the broker cannot be reached it throws; `next` of the last page continues it.
   *
   * @throws InvalidOptionsError when `from` is no cursor of this bus
   */
  follow(fullTopic: string, options: FollowOptions): AsyncIterable<FollowedMessages>;

  /** Returns the size of a topic, what it holds, and for how long; undefined for a topic that does not exist. */
  describeTopic(fullTopic: string): Promise<TopicDescription | undefined>;
}

/** Which of the newest messages are wanted. */
export interface NewestQuery {
  /** At most so many messages, 1 to 1,000; fewer come where they exceed 8 MiB. */
  readonly count: number;
  /** The `before` of an earlier page. @defaultValue the end of the topic */
  readonly before?: string | undefined;
}

/** Messages of a topic, newest first. */
export interface NewestMessages {
  readonly messages: readonly StoredMessage[];
  /** The cursor for the messages before these; undefined when there are none. */
  readonly before: string | undefined;
  /** The cursor of the end of the topic when this was read: from there, `follow` yields what was stored later. */
  readonly end: string;
}

/** How a topic is followed. */
export interface FollowOptions {
  /** The `end` of `newest`, or the `next` of a page. @defaultValue the end of the topic when the first page is asked for */
  readonly from?: string | undefined;
  /** Ends it. */
  readonly abortSignal: AbortSignal;
}

/** Messages that arrived. */
export interface FollowedMessages {
  /** At least one, at most 1,000. */
  readonly messages: readonly StoredMessage[];
  /** The cursor behind these messages. */
  readonly next: string;
}

/** The size of a topic, and what it holds. */
export interface TopicDescription {
  /** In the order of `read`. */
  readonly lanes: readonly LaneDescription[];
  /** How long messages are kept; undefined when the broker does not report it. */
  readonly retention: TopicRetention | undefined;
}

/** One lane of a topic. What the broker does not report is null. */
export interface LaneDescription {
  /** The partition or stream. */
  readonly lane: string;
  /** The number of messages. On Kafka it includes places without one: of compacted records, and ends of transactions. */
  readonly length: number | null;
  /** The oldest message that is still there; null in an empty lane. */
  readonly first: StoredPlace | null;
  /** The newest message; null in an empty lane. */
  readonly last: StoredPlace | null;
}

/** Where a message is, and since when. */
export interface StoredPlace {
  readonly position: string;
  /** As `storedAt` of the message. */
  readonly storedAt: number | null;
}

/** Until when the broker keeps a message: until the first of these limits is reached. */
export interface TopicRetention {
  /** In milliseconds; null for no limit. */
  readonly maxAgeMs: number | null;
  /** Bytes of a lane; null for no limit. */
  readonly maxBytes: number | null;
  /** Messages of a lane, about; null for no limit. */
  readonly maxMessages: number | null;
}
