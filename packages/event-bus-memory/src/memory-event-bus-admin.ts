import {
  fullTopicName,
  isDeadLetterTopic,
  okFinding,
  problemFinding,
  reasonOf,
  runtime,
} from '@openedx-ts/events-core/bus';
import type {
  EventBusAdmin,
  Finding,
  GroupLag,
  LagQuery,
  TopicBrowser,
  TopicStore,
} from '@openedx-ts/events-core/operate';
import type { MemoryBroker } from './memory-broker.js';
import { MemoryTopicStore } from './memory-topic-store.js';

/** An operator's view of a `MemoryBroker`, for tests of what operators do. */
export class MemoryEventBusAdmin implements EventBusAdmin {
  readonly topics: TopicStore & TopicBrowser;
  readonly #broker: MemoryBroker;
  readonly #topicPrefix: string | undefined;

  constructor(broker: MemoryBroker, topicPrefix?: string) {
    this.#broker = broker;
    this.#topicPrefix = topicPrefix;
    this.topics = new MemoryTopicStore(broker, topicPrefix);
  }

  /** @throws InfrastructureError while the broker is stopped */
  async lag({ topics, groupId: onlyGroup }: LagQuery = {}): Promise<readonly GroupLag[]> {
    this.#broker.mustRun();
    const wanted = topics?.map((topic) => fullTopicName(topic, this.#topicPrefix));
    const fullTopics = this.#broker.topicNames
      .filter((name) => (wanted === undefined ? !isDeadLetterTopic(name) : wanted.includes(name)))
      .sort();
    const groupIds = this.#broker.groupIds
      .filter((groupId) => onlyGroup === undefined || groupId === onlyGroup)
      .sort();
    return fullTopics.flatMap((fullTopic) => this.#lagsOf(fullTopic, groupIds));
  }

  async diagnose(): Promise<readonly Finding[]> {
    try {
      this.#broker.mustRun();
      return [okFinding('broker', 'it lives in this process, and what it holds with it')];
    } catch (error) {
      return [{ ...problemFinding('broker', reasonOf(error), 'call start()'), isUnreachable: true }];
    }
  }

  async close(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}

  #lagsOf(fullTopic: string, groupIds: readonly string[]): readonly GroupLag[] {
    const prefix = fullTopicName('', this.#topicPrefix);
    const topic = fullTopic.startsWith(prefix) ? fullTopic.slice(prefix.length) : fullTopic;
    return this.#broker.topic(fullTopic).partitions.flatMap(({ nextOffset, messages }, partition) =>
      groupIds.flatMap((groupId) => {
        const group = this.#broker.findGroup(groupId);
        const committed = group?.committed(fullTopic, partition);
        if (group === undefined || committed === undefined) return [];
        const oldest = messages.find(({ offset }) => offset >= committed);
        const lag: GroupLag = {
          topic,
          groupId,
          lane: `${fullTopic}/${partition}`,
          members: group.membersOf(fullTopic),
          length: messages.length,
          lag: Math.max(0, nextOffset - committed),
          pending: null,
          oldestAgeMs: oldest === undefined ? 0 : runtime().clock.now() - oldest.storedAt,
          distanceToTrim: null,
        };
        return [lag];
      }),
    );
  }
}
