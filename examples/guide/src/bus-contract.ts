// The contract of a bus, for the README: declarations without bodies, which the compiler holds to those of core.
import type {
  Delivery,
  EncodedEvent,
  EventBusConsumer,
  EventBusProducer,
  HeaderNaming,
  Message,
  PublishOutcome,
  UnframedRecord,
  WireFormat,
} from '@openedx-ts/events-core/bus';
import type {
  EventBusAdmin,
  Finding,
  FollowedMessages,
  FollowOptions,
  GroupFate,
  GroupLag,
  GroupProgress,
  LagQuery,
  NewestMessages,
  NewestQuery,
  ReadBounds,
  StoredMessage,
  TopicDescription,
  TopicStore,
} from '@openedx-ts/events-core/operate';

declare const Producer: abstract new () => EventBusProducer;
declare const Consumer: abstract new () => EventBusConsumer;

// #region messages
export declare class YourProducer extends Producer {
  /**
   * Publishes messages of one topic, in order, and returns a position or an error for each. Stores no message of a key
   * behind one that failed: returns `{ notAttempted: true }` for it.
   */
  protected publish(messages: readonly Message[], signal: AbortSignal): Promise<readonly PublishOutcome[]>;
  /** Closes every connection. */
  protected release(): Promise<void>;
}

export declare class YourConsumer extends Consumer {
  /** Connects, fixes the position of the group, yields an empty batch, then yields deliveries until the signal fires. */
  protected receive(signal: AbortSignal): AsyncIterable<readonly Delivery[]>;
  /** Acknowledges deliveries of one lane: the group does not need them again. */
  protected acknowledge(lane: string, ordinals: readonly number[]): Promise<void>;
  /** Publishes a dead letter. */
  protected publishDeadLetter(message: Message): Promise<void>;
  /** Closes every connection. */
  protected release(): Promise<void>;

  // Optional, where the broker supports it:
  /** Leaves the group, once nothing is in flight. */
  protected leave(): Promise<void>;
  /** Acknowledges deliveries behind one that was abandoned, when their lane is drained. */
  protected acknowledgeAhead(lane: string, ordinals: readonly number[]): void | Promise<void>;
  /** Stops fetching a lane until `resume`. */
  protected pause(lane: string): void;
  protected resume(lane: string): void;
  /** Records that an event is processed exclusively, so that its delivery is counted; or takes that back. */
  protected countExclusive(lane: string, ordinal: number, isProcessing: boolean): void | Promise<void>;
  /** Whether this consumer still owns a lane; false abandons what is in flight. For leases. */
  protected mayHandle(lane: string): boolean;
  /** For the bus to call: whether the broker has events of a lane that it has not yielded. */
  protected reportUnread(lane: string, hasUnread: boolean): void;
}

export declare class YourWireFormat implements WireFormat {
  /** Which names the metadata headers have: Kafka's or Redis's. */
  readonly headerNaming: HeaderNaming;
  /** Lays an encoded event into a message. */
  frame(event: EncodedEvent, fullTopic: string): Message | Promise<Message>;
  /** Finds the record of a message, and the schema that it was written with. */
  unframe(message: Message): UnframedRecord | Promise<UnframedRecord>;
}
// #endregion messages

// #region operators
export declare class YourAdmin implements EventBusAdmin {
  /** How far groups are behind, by group and lane. */
  lag(query?: LagQuery): Promise<readonly GroupLag[]>;
  /** Examines settings, broker, schemas, topics and groups. */
  diagnose(query?: LagQuery): Promise<readonly Finding[]>;
  readonly topics?: TopicStore;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export declare class YourTopicStore implements TopicStore {
  readonly topicPrefix: string | undefined;
  readonly wireFormat: WireFormat;
  topicNames(): Promise<readonly string[]>;
  read(fullTopic: string, bounds?: ReadBounds): AsyncIterable<readonly StoredMessage[]>;
  write(message: Message): Promise<string>;
  createRetryTopic(fullTopic: string, groupId: string): Promise<void>;
  remove(fullTopic: string, positions: readonly string[], why: 'redriven' | 'purged'): Promise<void>;
  groupProgress(fullTopic: string, groupId: string): Promise<GroupProgress | undefined>;
  moveGroup(fullTopic: string, groupId: string, positions: readonly string[]): Promise<void>;
  fateOf(fullTopic: string, position: string): Promise<readonly GroupFate[]>;
  newest(fullTopic: string, query: NewestQuery): Promise<NewestMessages>;
  follow(fullTopic: string, options: FollowOptions): AsyncIterable<FollowedMessages>;
  describeTopic(fullTopic: string): Promise<TopicDescription | undefined>;
}
// #endregion operators
