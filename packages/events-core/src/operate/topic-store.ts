import type { Message } from '../wire/message.js';
import type { WireFormat } from '../wire/wire-format.js';
import type { StoredMessage } from './stored-message.js';
import type { TopicBrowser } from './topic-browser.js';

/**
 * Reads and writes the topics of a bus for operators' tools: listing, redriving and purging dead letters, and replaying
 * a group. What the tools do is implemented in core, once for every bus. Topics are full names with their prefix.
 *
 * The conformance suite of `events-testing` tests it (`createAdmin` of its harness).
 *
 * All methods reject with an `InfrastructureError` when the broker cannot be reached.
 */
export interface TopicStore extends TopicBrowser {
  /** The prefix of topics, without the `-` that follows it. */
  readonly topicPrefix: string | undefined;
  /** How messages of this bus are laid out. */
  readonly wireFormat: WireFormat;

  /** Lists the full names of every topic, dead-letter topics included. */
  topicNames(): Promise<readonly string[]>;

  /**
   * Yields the messages that a topic holds when this is called, in pages: lane by lane, in the order of each. Yields
   * nothing for a topic that does not exist, and no removed message. No group is affected.
   *
   * @throws InvalidOptionsError when `from` is no position of this bus
   */
  read(fullTopic: string, bounds?: ReadBounds): AsyncIterable<readonly StoredMessage[]>;

  /** Appends a message to its topic and resolves with its position once the broker has stored it. */
  write(message: Message): Promise<string>;

  /**
   * Creates the retry topic of a group (`retryTopic` of `events-core/bus`), unless it exists, with as many lanes as the
   * topic: events of a key share a lane on both. The group starts at its beginning.
   */
  createRetryTopic(fullTopic: string, groupId: string): Promise<void>;

  /**
   * Removes messages of a dead-letter topic: `read` does not yield them again, in any process. A bus that cannot
   * delete single messages records which are removed and, with `'purged'`, deletes those it can.
   */
  remove(fullTopic: string, positions: readonly string[], why: 'redriven' | 'purged'): Promise<void>;

  /** Returns the progress of a group on a topic; undefined when there is no such group. */
  groupProgress(fullTopic: string, groupId: string): Promise<GroupProgress | undefined>;

  /**
   * Moves a group to these positions, at most one for each lane. Other lanes keep their position; in a group that this
   * creates they start with messages stored from now on. Messages in flight in the group are not affected.
   *
   * @throws IllegalStateError when the broker refuses because of members that are active
   */
  moveGroup(fullTopic: string, groupId: string, positions: readonly string[]): Promise<void>;

  /**
   * What became of a message in every group that the broker knows to read its topic, sorted by group; whether a dead letter
   * was made of it is not looked at. Empty for a topic that does not exist.
   *
   * @throws InvalidOptionsError when `position` is no position of this bus
   */
  fateOf(fullTopic: string, position: string): Promise<readonly GroupFate[]>;
}

/** What became of a message in a group. */
export interface GroupFate {
  readonly groupId: string;
  /**
   * - `handled`: the broker holds that its processing is over;
   * - `passed`: the position of the group lies behind it: it was handled, or was there before the group began;
   * - `in flight`: a member has it and has not acknowledged it;
   * - `waiting`: none of these. On Kafka, which does not know what is in flight, a member may have it.
   */
  readonly state: 'handled' | 'passed' | 'in flight' | 'waiting';
  /** How often it was delivered; null where the broker does not count. */
  readonly deliveries: number | null;
}

/** Which part of a topic is read. */
export interface ReadBounds {
  /** Starts at this position; reads only its lane. */
  readonly from?: string;
  /** Starts behind this position, and goes on with the lanes that come after its own. Not together with `from`. */
  readonly after?: string;
  /** Starts with messages stored at this time or later, in milliseconds since 1970. */
  readonly since?: number;
  /** Ends each lane before the first message that was stored after this time, in milliseconds since 1970. */
  readonly until?: number;
}

/** The progress of a group on a topic. */
export interface GroupProgress {
  /** The number of members that may be processing messages; of all topics of the group where it moves as a whole (Kafka). */
  readonly activeMembers: number;
  /** How many of them read this topic. */
  readonly readers: number;
  /** The position that is delivered next, by lane, whether a message exists there or not; empty when the group has never read. */
  readonly next: ReadonlyMap<string, string>;
}
