import { InfrastructureError } from '@openedx-ts/events-core';
import type { ResolvedKafkaClientOptions } from '../options/kafka-options.js';
import { Connections } from './connections.js';
import { fetchProducerId } from './fetch-producer-id.js';
import { isConnectError } from './kafka-error.js';
import type { KafkajsBroker } from './kafkajs-broker.js';
import type { KafkajsMetadata } from './kafkajs-cluster.js';
import { LeadersOfTopics } from './leaders-of-topics.js';
import type { ProduceOutcome } from './produce-outcome.js';
import { ProduceRequests } from './produce-requests.js';
import type { ProducerId } from './protocol/init-producer-id.js';
import { metadataRequest } from './protocol/metadata.js';
import { type BatchToProduce, type ProducedBatch, produceRequest } from './protocol/produce.js';
import { ProtocolError } from './protocol/protocol-error.js';
import { sendRequest } from './send-request.js';
import type { TopicLeaders } from './topic-leaders.js';

/** Options of `ProducerSession`. */
export interface ProducerSessionOptions extends ResolvedKafkaClientOptions {
  readonly allowAutoTopicCreation: boolean;
}

/**
 * The connections of a producer, and what it knows of its topics. It is used until something is wrong with a connection
 * and then replaced as a whole: kafkajs may keep a state that never recovers, such as half of an answer. What brokers know
 * of the producer, its id and sequence numbers, outlives it.
 */
export class ProducerSession {
  readonly #options: ProducerSessionOptions;
  readonly #connections: Connections;
  readonly #requests = new ProduceRequests((nodeId, batches) =>
    this.#counted(() => this.#send(nodeId, batches)),
  );
  readonly #leaders = new LeadersOfTopics();
  #clusterId: string | undefined;
  #inFlight = 0;
  #isRetired = false;

  constructor(options: ProducerSessionOptions) {
    this.#options = options;
    this.#connections = new Connections(options, (broker) => this.#readMetadata(broker));
  }

  /** The id of the cluster, once a topic was looked up; undefined where brokers do not report it. */
  get clusterId(): string | undefined {
    return this.#clusterId;
  }

  /** Whether one of its connections has ended, so that the next one may lead to another cluster. */
  get hasEnded(): boolean {
    return this.#connections.haveEnded;
  }

  /** @throws InfrastructureError, KafkaAccessError */
  connect(): Promise<void> {
    return this.#connections.ask('Kafka cannot be connected to', (cluster) => cluster.connect());
  }

  /**
   * Where a topic's partitions are led, as of at most five minutes ago. Brokers create the topic where that is allowed.
   *
   * @throws InfrastructureError, KafkaAccessError when there is no answer; an error with the topic is part of it
   */
  topic(fullTopic: string): Promise<TopicLeaders> | TopicLeaders {
    return this.#leaders.get(fullTopic, () => this.#counted(() => this.#refresh(fullTopic)));
  }

  /** Reads the metadata of a topic anew when it is used next: what was known of it is wrong. */
  forget(fullTopic: string): void {
    this.#leaders.forget(fullTopic);
  }

  /** A new id for a producer, from any broker. The error of the broker is part of it. */
  initProducerId(nodeId: number): Promise<ProducerId> {
    const { requestTimeoutMs } = this.#options;
    return this.#counted(() => fetchProducerId(this.#connections, nodeId, requestTimeoutMs));
  }

  /** Sends a batch to the leader of its partition, which has no other batch that waits for an answer. Does not reject. */
  produce(nodeId: number, batch: BatchToProduce): Promise<ProduceOutcome> {
    return this.#requests.produce(nodeId, batch);
  }

  /** Ends the connections once nothing is in flight. */
  retire(): void {
    this.#isRetired = true;
    if (this.#inFlight === 0) this.close();
  }

  /** Ends the connections; what is in flight fails. Safe to call twice. */
  close(): void {
    this.#isRetired = true;
    this.#connections.close('the connection was closed');
  }

  /** Keeps the connections open for work that has started, after `retire` too. */
  async #counted<T>(work: () => Promise<T>): Promise<T> {
    this.#inFlight += 1;
    try {
      return await work();
    } finally {
      this.#inFlight -= 1;
      if (this.#isRetired && this.#inFlight === 0) this.close();
    }
  }

  async #send(nodeId: number, batches: readonly BatchToProduce[]): Promise<readonly ProduceOutcome[]> {
    let broker: KafkajsBroker | undefined;
    try {
      broker = await this.#connections.broker(nodeId, DOING);
      return answersFor(batches, await this.#request(broker, batches));
    } catch (failure) {
      const wasSent = broker !== undefined && !isConnectError(failure);
      return batches.map(() => ({ failure, wasSent }));
    }
  }

  #request(broker: KafkajsBroker, batches: readonly BatchToProduce[]): Promise<readonly ProducedBatch[]> {
    const { requestTimeoutMs } = this.#options;
    const timeoutMs = Math.ceil(requestTimeoutMs * 0.8); // the broker answers before the request times out
    return this.#connections.askBroker(broker, DOING, () =>
      sendRequest(broker, produceRequest, { batches, timeoutMs }, { timeoutMs: requestTimeoutMs }),
    );
  }

  #refresh(fullTopic: string): Promise<void> {
    return this.#connections.ask(`the metadata of topic ${fullTopic} cannot be read`, async (cluster) => {
      await cluster.connect();
      await cluster.refreshMetadata();
    });
  }

  async #readMetadata(broker: KafkajsBroker): Promise<KafkajsMetadata> {
    const { requestTimeoutMs: timeoutMs, allowAutoTopicCreation } = this.#options;
    const query = { topics: this.#leaders.beingRead, allowAutoTopicCreation };
    const found = await sendRequest(broker, metadataRequest, query, { timeoutMs });
    ProtocolError.throwIf(found.errorCode);
    this.#clusterId = found.clusterId ?? undefined;
    this.#leaders.update(found.topics);
    return { brokers: found.brokers, controllerId: found.controllerId, topicMetadata: [] };
  }
}

const DOING = 'events cannot be published';

function answersFor(
  batches: readonly BatchToProduce[],
  answers: readonly ProducedBatch[],
): readonly ProduceOutcome[] {
  return batches.map(({ topic, partition }) => {
    const answer = answers.find((one) => one.topic === topic && one.partition === partition);
    if (answer !== undefined) return { answer };
    return {
      failure: new InfrastructureError(
        `${DOING}: Kafka did not answer for topic ${topic}, partition ${partition}`,
      ),
      wasSent: true,
    };
  });
}
