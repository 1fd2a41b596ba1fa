import { type MemoryBroker, MemoryEventBusAdmin } from '@openedx-ts/event-bus-memory';
import type { EventBusAdmin, ReadBounds, StoredMessage, TopicStore } from '@openedx-ts/events-core/operate';

/** Makes an operator's view with something wrong. */
export type BrokenAdmin = (broker: MemoryBroker) => EventBusAdmin;

type Pages = AsyncIterable<readonly StoredMessage[]>;
type Read = (fullTopic: string, bounds?: ReadBounds) => Pages;

/** An operator's view whose topics have other methods than the right ones. */
export function storing(broken: (store: TopicStore) => Partial<TopicStore>): BrokenAdmin {
  return (broker) => {
    const admin = new MemoryEventBusAdmin(broker);
    const { topics } = admin;
    const right: TopicStore = {
      topicPrefix: topics.topicPrefix,
      wireFormat: topics.wireFormat,
      topicNames: () => topics.topicNames(),
      read: (...args) => topics.read(...args),
      write: (...args) => topics.write(...args),
      createRetryTopic: (...args) => topics.createRetryTopic(...args),
      remove: (...args) => topics.remove(...args),
      groupProgress: (...args) => topics.groupProgress(...args),
      moveGroup: (...args) => topics.moveGroup(...args),
      fateOf: (...args) => topics.fateOf(...args),
      newest: (...args) => topics.newest(...args),
      follow: (...args) => topics.follow(...args),
      describeTopic: (...args) => topics.describeTopic(...args),
    };
    return {
      topics: { ...right, ...broken(right) },
      lag: (query) => admin.lag(query),
      diagnose: () => admin.diagnose(),
      close: () => admin.close(),
      [Symbol.asyncDispose]: () => admin.close(),
    };
  };
}

/** An operator's view that reads wrongly; `read` is the right way. */
export function reading(broken: (read: Read) => Read): BrokenAdmin {
  return storing((store) => ({ read: broken(store.read) }));
}
