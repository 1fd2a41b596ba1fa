import { avroCodec, confluentWireFormat } from '@openedx-ts/events-avro';
import { type Health, InfrastructureError } from '@openedx-ts/events-core';
import {
  combineHealth,
  type Delivery,
  deadLetterTopic,
  EventBusConsumer,
  fullTopicName,
  type Message,
  reasonOf,
  retryTopic,
} from '@openedx-ts/events-core/bus';
import { isTopicRefusal } from './driver/kafka-error.js';
import { GroupReader } from './group/group-reader.js';
import {
  type KafkaConsumerOptions,
  type ResolvedKafkaConsumerOptions,
  resolveKafkaConsumerOptions,
} from './options/kafka-consumer-options.js';
import { kafkaTopicProblem } from './options/kafka-topic-problem.js';
import { StoredMessagePublisher } from './producer/stored-message-publisher.js';
import { ConfluentSchemaRegistry } from './registry/confluent-schema-registry.js';
import { patientRegistry } from './registry/patient-registry.js';
import { schemaRegistryOf } from './registry/schema-registry-of.js';

/** Without those whose names Kafka does not allow: no redrive can create them. */
function retryTopicsOf(fullTopics: readonly string[], groupId: string): readonly string[] {
  return fullTopics
    .map((fullTopic) => retryTopic(fullTopic, groupId))
    .filter((name) => kafkaTopicProblem(name) === undefined && !fullTopics.includes(name));
}

/**
 * Consumes from Kafka as one member of a group. Receivers may take as long as they like: heartbeats do not wait for them.
 * Events of a partition come in order and are committed in groups. When the group rebalances, events in flight are
 * finished and committed first.
 */
export class KafkaEventBusConsumer extends EventBusConsumer {
  readonly #options: ResolvedKafkaConsumerOptions;
  readonly #member: GroupReader;
  readonly #registry: ConfluentSchemaRegistry | undefined;
  #deadLetters: StoredMessagePublisher | undefined;
  #hasCrashed = false;
  #askingRegistry: Promise<void> | undefined;

  /** @throws InvalidOptionsError */
  constructor(given: KafkaConsumerOptions) {
    const options = resolveKafkaConsumerOptions(given);
    const registry = schemaRegistryOf(options.schemaRegistry);
    const wireFormat = confluentWireFormat(patientRegistry(registry));
    super({ codec: options.codec ?? avroCodec(), wireFormat, options });
    this.#options = options;
    this.#registry = registry instanceof ConfluentSchemaRegistry ? registry : undefined;
    const fullTopics = options.topics.map((topic) => fullTopicName(topic, options.topicPrefix));
    this.#member = new GroupReader({
      options,
      fullTopics,
      retryTopics: retryTopicsOf(fullTopics, options.groupId),
      drainLane: (lane) => this.drainLane(lane),
      waitingIn: (lane) => this.waitingIn(lane),
      bytesIn: (lane) => this.bytesIn(lane),
      reportUnread: (lane, hasUnread) => this.reportUnread(lane, hasUnread),
    });
  }

  /**
   * Ends as if the process had died: events in flight are neither finished nor committed, and the member does not leave
   * the group. Commits that were sent before arrive.
   */
  async crash(): Promise<void> {
    this.#hasCrashed = true;
    await this.#member.crash();
    await this.close();
  }

  override health(): Health {
    const health = super.health();
    const { failure } = this.#registry ?? {};
    const reasons = [...this.#member.failures, ...(failure === undefined ? [] : [failure])];
    const unsaid = reasons.filter((reason) => !health.reasons.includes(reason));
    const excused = this.#options.unreadyWithoutLeader ? [] : this.#member.leaderless;
    const ready = reasons.every((reason) => excused.includes(reason));
    return combineHealth([health, { live: true, ready, reasons: unsaid }]);
  }

  protected async *receive(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    this.#askingRegistry ??= this.#registry?.untilAnswered(abortSignal);
    await this.#member.ready(abortSignal);
    if (abortSignal.aborted) return;
    yield [];
    while (!abortSignal.aborted) yield await this.#member.next(abortSignal);
  }

  protected acknowledge(lane: string, ordinals: readonly number[]): Promise<void> {
    return this.#member.acknowledge(lane, ordinals);
  }

  protected override acknowledgeAhead(lane: string, ordinals: readonly number[]): void {
    this.#member.acknowledgeAhead(lane, ordinals);
  }

  protected async publishDeadLetter(message: Message): Promise<void> {
    const { topic } = message;
    const { groupId } = this.#options;
    await this.#member.ensureDeadLetterTopic(topic, topic.slice(0, -deadLetterTopic('', groupId).length));
    this.#deadLetters ??= new StoredMessagePublisher({
      ...this.#options,
      partitioner: 'crc32',
      allowAutoTopicCreation: true,
    });
    try {
      await this.#deadLetters.publish(message);
    } catch (error) {
      // It concerns this topic alone: the partition waits until the right is granted, and the consumer goes on.
      throw isTopicRefusal(error) ? new InfrastructureError(reasonOf(error), { cause: error }) : error;
    }
  }

  protected override countExclusive(lane: string, ordinal: number, isProcessing: boolean): Promise<void> {
    return this.#member.countExclusive(lane, ordinal, isProcessing);
  }

  protected override pause(lane: string): void {
    this.#member.setPaused(lane, true);
  }

  protected override resume(lane: string): void {
    this.#member.setPaused(lane, false);
  }

  protected override mayHandle(): boolean {
    return this.#member.mayHandle;
  }

  protected override async leave(): Promise<void> {
    if (!this.#hasCrashed) await this.#member.leave();
  }

  protected async release(): Promise<void> {
    this.#member.close();
    await this.#deadLetters?.close();
  }
}
