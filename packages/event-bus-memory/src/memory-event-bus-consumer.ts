import { avroCodec, confluentWireFormat } from '@openedx-ts/events-avro';
import type { ConsumerOptions } from '@openedx-ts/events-core';
import {
  consumerOptionRules,
  type Delivery,
  EventBusConsumer,
  fullTopicName,
  type Message,
  type ResolvedConsumerOptions,
  resolveOptions,
  retryTopic,
  type WireFormat,
} from '@openedx-ts/events-core/bus';
import { defaultMemoryBroker, type MemoryBroker } from './memory-broker.js';
import { MemoryMember } from './memory-member.js';

/** Consumes from a `MemoryBroker`. */
export class MemoryEventBusConsumer extends EventBusConsumer {
  readonly #broker: MemoryBroker;
  readonly #member: MemoryMember;
  readonly #options: ResolvedConsumerOptions;

  /**
   * @param options `broker` defaults to the one that all of this process share, `wireFormat` to that of the Kafka peers
   * @throws InvalidOptionsError
   */
  constructor({
    broker = defaultMemoryBroker(),
    wireFormat = confluentWireFormat(broker.schemas),
    ...given
  }: ConsumerOptions & { readonly broker?: MemoryBroker; readonly wireFormat?: WireFormat }) {
    const options = resolveOptions('memory consumer', given, consumerOptionRules);
    super({ codec: options.codec ?? avroCodec(), wireFormat, options, system: 'memory' });
    this.#broker = broker;
    this.#options = options;
    this.#member = new MemoryMember({
      drainLane: (lane) => this.drainLane(lane),
      reportUnread: (lane, hasUnread) => this.reportUnread(lane, hasUnread),
    });
  }

  /** Ends as if the process had died: events in flight are neither finished nor acknowledged, and are delivered again. */
  async crash(): Promise<void> {
    this.#member.crash();
    await this.close();
  }

  protected async *receive(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    const { topics, topicPrefix, groupId, startFrom, maxBufferedEvents } = this.#options;
    const fullTopics = topics.map((topic) => fullTopicName(topic, topicPrefix));
    const retryTopics = fullTopics.map((fullTopic) => retryTopic(fullTopic, groupId));
    await this.#broker.join(groupId, this.#member, { topics: fullTopics, retryTopics, startFrom });
    yield [];
    const limit = Math.min(100, maxBufferedEvents);
    while (!abortSignal.aborted) {
      const deliveries = this.#member.poll(limit);
      if (deliveries.length > 0) yield deliveries;
      else await this.#member.waitForMessages(abortSignal);
    }
  }

  protected async acknowledge(lane: string, ordinals: readonly number[]): Promise<void> {
    this.#member.commit(lane, ordinals);
  }

  protected override acknowledgeAhead(lane: string, ordinals: readonly number[]): void {
    this.#member.commitAhead(lane, ordinals);
  }

  protected async publishDeadLetter(message: Message): Promise<void> {
    this.#broker.append(message);
  }

  protected override countExclusive(lane: string, ordinal: number, isProcessing: boolean): void {
    this.#member.countExclusive(lane, ordinal, isProcessing);
  }

  protected override pause(lane: string): void {
    this.#member.pause(lane);
  }

  protected override resume(lane: string): void {
    this.#member.resume(lane);
  }

  protected override async leave(): Promise<void> {
    await this.#member.leave();
  }

  protected async release(): Promise<void> {
    this.#member.close();
    await this.#member.leave();
  }
}
