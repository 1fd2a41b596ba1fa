import { confluentWireFormat } from '@openedx-ts/events-avro';
import { IllegalStateError, InvalidOptionsError } from '@openedx-ts/events-core';
import { type Message, retryTopic, type WireFormat } from '@openedx-ts/events-core/bus';
import type {
  FollowedMessages,
  FollowOptions,
  GroupFate,
  GroupProgress,
  NewestMessages,
  NewestQuery,
  ReadBounds,
  StoredMessage,
  TopicBrowser,
  TopicDescription,
  TopicStore,
} from '@openedx-ts/events-core/operate';
import type { MemoryBroker } from './memory-broker.js';
import type { StoredMessage as MemoryMessage } from './memory-topic.js';
import { MemoryTopicBrowser } from './memory-topic-browser.js';
import { storedMessageOf } from './stored-message-of.js';

/** What operators do with the topics of a `MemoryBroker`. */
export class MemoryTopicStore implements TopicStore, TopicBrowser {
  readonly topicPrefix: string | undefined;
  readonly wireFormat: WireFormat;
  readonly #broker: MemoryBroker;
  readonly #browser: MemoryTopicBrowser;

  constructor(broker: MemoryBroker, topicPrefix: string | undefined) {
    this.#browser = new MemoryTopicBrowser(broker);
    this.topicPrefix = topicPrefix;
    this.wireFormat = confluentWireFormat(broker.schemas);
    this.#broker = broker;
  }

  async topicNames(): Promise<readonly string[]> {
    this.#broker.mustRun();
    return this.#broker.topicNames;
  }

  async *read(fullTopic: string, bounds: ReadBounds = {}): AsyncGenerator<readonly StoredMessage[]> {
    this.#broker.mustRun();
    const isWanted = wantedIn(bounds);
    if (!this.#broker.hasTopic(fullTopic)) return;
    const lanes = this.#broker.topic(fullTopic).partitions.map(({ messages }) => messages.filter(isWanted));
    for (const wanted of lanes) {
      for (let index = 0; index < wanted.length; index += PAGE) {
        this.#broker.mustRun();
        yield wanted.slice(index, index + PAGE).map(storedMessageOf);
      }
    }
  }

  async write(message: Message): Promise<string> {
    return this.#broker.append(message);
  }

  async createRetryTopic(fullTopic: string, groupId: string): Promise<void> {
    this.#broker.mustRun();
    this.#broker.topic(retryTopic(fullTopic, groupId));
  }

  async remove(fullTopic: string, positions: readonly string[]): Promise<void> {
    this.#broker.mustRun();
    const topic = this.#broker.topic(fullTopic);
    for (const position of positions) {
      const { partition, offset } = placeOf(position);
      topic.remove(partition, [offset]);
    }
  }

  async groupProgress(fullTopic: string, groupId: string): Promise<GroupProgress | undefined> {
    this.#broker.mustRun();
    const group = this.#broker.findGroup(groupId);
    if (group === undefined || !group.reads(fullTopic)) return undefined;
    const next = new Map<string, string>();
    for (const [partition] of this.#broker.topic(fullTopic).partitions.entries()) {
      const committed = group.committed(fullTopic, partition);
      if (committed !== undefined) next.set(`${fullTopic}/${partition}`, `${partition}:${committed}`);
    }
    const members = group.membersOf(fullTopic);
    return { activeMembers: members, readers: members, next };
  }

  async moveGroup(fullTopic: string, groupId: string, positions: readonly string[]): Promise<void> {
    this.#broker.mustRun();
    const group = this.#broker.findGroup(groupId) ?? this.#broker.makeGroup(groupId);
    if (group.membersOf(fullTopic) > 0) throw new IllegalStateError('setting a group back', 'it has members');
    const offsets = positions.map(placeOf).map(({ partition, offset }) => [partition, offset] as const);
    group.move(this.#broker.topic(fullTopic), new Map(offsets));
  }

  async fateOf(fullTopic: string, position: string): Promise<readonly GroupFate[]> {
    this.#broker.mustRun();
    const { partition, offset } = placeOf(position);
    const groups = this.#broker.groupIds.toSorted().map((groupId) => this.#broker.findGroup(groupId));
    return groups.flatMap((group) => group?.fateOf(fullTopic, partition, offset) ?? []);
  }

  newest(fullTopic: string, query: NewestQuery): Promise<NewestMessages> {
    return this.#browser.newest(fullTopic, query);
  }

  follow(fullTopic: string, options: FollowOptions): AsyncIterable<FollowedMessages> {
    return this.#browser.follow(fullTopic, options);
  }

  describeTopic(fullTopic: string): Promise<TopicDescription | undefined> {
    return this.#browser.describeTopic(fullTopic);
  }
}

/** Which messages are within bounds. */
function wantedIn({ from, after, since = -Infinity, until = Infinity }: ReadBounds) {
  const start = from === undefined ? undefined : placeOf(from);
  const behind = after === undefined ? undefined : placeOf(after);
  return ({ partition, offset, storedAt }: MemoryMessage) =>
    (start === undefined || (partition === start.partition && offset >= start.offset)) &&
    (behind === undefined ||
      partition > behind.partition ||
      (partition === behind.partition && offset > behind.offset)) &&
    storedAt >= since &&
    storedAt <= until;
}

const PAGE = 100;

/** @throws InvalidOptionsError */
function placeOf(position: string): { readonly partition: number; readonly offset: number } {
  const [, partition, offset] = /^(\d{1,15}):(\d{1,15})$/.exec(position) ?? [];
  if (partition !== undefined && offset !== undefined)
    return { partition: Number(partition), offset: Number(offset) };
  throw new InvalidOptionsError('memory bus', [
    { path: 'position', message: 'expected partition:offset, e.g. 0:17' },
  ]);
}
