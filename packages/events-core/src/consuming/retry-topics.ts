import { retryTopic } from '../wire/retry-topic.js';
import { textOfHeader } from '../wire/text-of-header.js';
import { fullTopicName } from '../wire/topic-name.js';
import type { ResolvedConsumerOptions } from './types/consumer-options.js';
import type { Delivery } from './types/delivery.js';

/**
 * The retry topics of a consumer, from which it receives redriven dead letters. A delivery of one is processed as if it came
 * from its source: receivers see the topic and position where the event was first, and when it fails again its dead letter
 * names them.
 */
export class RetryTopics {
  /** The full topic of each retry topic. */
  readonly #sources: ReadonlyMap<string, string>;
  readonly #groupId: string;

  constructor({
    topics,
    topicPrefix,
    groupId,
  }: Pick<ResolvedConsumerOptions, 'topics' | 'topicPrefix' | 'groupId'>) {
    const fullTopics = topics.map((topic) => fullTopicName(topic, topicPrefix));
    this.#groupId = groupId;
    this.#sources = new Map(
      fullTopics
        .map((fullTopic) => [retryTopic(fullTopic, groupId), fullTopic] as const)
        .filter(([name]) => !fullTopics.includes(name)),
    );
  }

  /** Replaces deliveries of retry topics by those of their sources. */
  resolve(deliveries: readonly Delivery[]): readonly Delivery[] {
    const isRetried = ({ message }: Delivery) => this.#sources.has(message.topic);
    return deliveries.some(isRetried) ? deliveries.map((delivery) => this.#resolveOne(delivery)) : deliveries;
  }

  /** What has no `dlq-source` was not redriven: somebody else wrote it, and it stays as it is. */
  #resolveOne(delivery: Delivery): Delivery {
    const { message } = delivery;
    const fullTopic = this.#sources.get(message.topic);
    if (fullTopic === undefined) return delivery;
    const source = textOfHeader(message.headers, 'dlq-source');
    const at = source?.lastIndexOf('@') ?? -1;
    if (source === undefined || at < 0) return delivery;
    const [topic, position] = [source.slice(0, at), source.slice(at + 1)];
    if (topic !== fullTopic || textOfHeader(message.headers, 'dlq-group') !== this.#groupId)
      return { ...delivery, isOfOtherGroup: true };
    return { ...delivery, message: { ...message, topic }, position };
  }
}
