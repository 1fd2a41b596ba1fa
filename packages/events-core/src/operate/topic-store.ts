import type { Message } from '../wire/message.js';
import type { WireFormat } from '../wire/wire-format.js';

/**
 * What a bus adds to its operator's view so that dead letters can be seen and sent again, and groups set back. What is
 * done with it is decided in core, once for every bus. Topics are full names here, as the broker has them.
 *
 * The conformance suite of `events-testing` holds a bus to it (`createAdmin` of its harness).
 *
 * All methods reject with an `InfrastructureError` when the broker cannot be reached.
 */
export interface TopicStore {
  /** What stands in front of topics, with a `-`. */
  readonly topicPrefix: string | undefined;
  /** How messages of this bus are laid out. */
  readonly wireFormat: WireFormat;

  /** Every topic that is there, dead letters' included. */
  topicNames(): Promise<readonly string[]>;

  /**
   * What a topic holds when this is called, in pages: lane by lane and in the order of each; nothing when there is no
   * such topic, and nothing that was removed. No group notices.
   *
   * @throws InvalidOptionsError when `from` is no position of this bus
   */
  read(fullTopic: string, bounds?: ReadBounds): AsyncIterable<readonly StoredMessage[]>;

  /** Writes a message to the end of its topic and resolves with its position once it is safe there. */
  write(message: Message): Promise<string>;

  /**
   * Sees to it that `read` of a topic of dead letters does not yield these again, whoever reads. A bus that cannot
   * delete single messages remembers them, and deletes with `'purged'` what it can.
   */
  remove(fullTopic: string, positions: readonly string[], why: 'redriven' | 'purged'): Promise<void>;

  /** How far a group has come on a topic; undefined when there is no such group. */
  groupProgress(fullTopic: string, groupId: string): Promise<GroupProgress | undefined>;

  /**
   * Makes a group go on with these positions, at most one for each lane. Other lanes stay where they are; in a group that
   * this makes they begin with what is sent from now on. What the group has in hand stays in hand.
   *
   * @throws IllegalStateError when the broker refuses because of members that are active
   */
  moveGroup(fullTopic: string, groupId: string, positions: readonly string[]): Promise<void>;
}

/** Which part of a topic is read. */
export interface ReadBounds {
  /** Begin with this position, in its lane alone. */
  readonly from?: string;
  /** Begin with what was stored then or later, in milliseconds since 1970. */
  readonly since?: number;
}

/** A message and where it lies. */
export interface StoredMessage {
  readonly message: Message;
  /** The partition or stream. */
  readonly lane: string;
  /** As in deliveries: `0:17`, `1718-0`. The numbers in it grow within a lane, the first counting most (`comparePositions`). */
  readonly position: string;
  /** When the broker got it, in milliseconds since 1970; null where it does not say. */
  readonly storedAt: number | null;
}

/** How far a group has come on a topic. */
export interface GroupProgress {
  /** Members that may be at work. */
  readonly activeMembers: number;
  /** The position that is delivered next, by lane, whether something lies there or not; without lanes it never read. */
  readonly next: ReadonlyMap<string, string>;
}
