import { InfrastructureError } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import type { ResolvedKafkaClientOptions } from '../options/kafka-options.js';
import { Connections } from './connections.js';
import { fetchProducerId } from './fetch-producer-id.js';
import { isConnectError } from './kafka-error.js';
import type { KafkajsBroker } from './kafkajs-broker.js';
import type { KafkajsCluster, KafkajsMetadata } from './kafkajs-cluster.js';
import type { ProduceOutcome } from './produce-outcome.js';
import { ProduceRequests } from './produce-requests.js';
import type { ProducerId } from './protocol/init-producer-id.js';
import { metadataRequest } from './protocol/metadata.js';
import { type BatchToProduce, type ProducedBatch, produceRequest } from './protocol/produce.js';
import { ProtocolError } from './protocol/protocol-error.js';
import { sendRequest } from './send-request.js';
import { type TopicLeaders, topicLeaders } from './topic-leaders.js';

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
  /** Topics whose metadata is being read; no others are asked about, and so none is created that nobody sends to. */
  readonly #reading = new Map<string, Promise<TopicLeaders>>();
  readonly #known = new Map<string, KnownTopic>();
  #inFlight = 0;
  #isRetired = false;

  constructor(options: ProducerSessionOptions) {
    this.#options = options;
    this.#connections = new Connections(options, (broker) => this.#readMetadata(broker));
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
    const known = this.#known.get(fullTopic);
    if (known !== undefined && runtime().clock.monotonic() < known.until) return known.leaders;
    const reading = this.#reading.get(fullTopic);
    if (reading !== undefined) return reading;
    const asked = this.#counted(() => this.#ask(fullTopic)).finally(() => this.#reading.delete(fullTopic));
    this.#reading.set(fullTopic, asked);
    return asked;
  }

  /** Reads the metadata of a topic anew when it is used next: what was known of it is wrong. */
  forget(fullTopic: string): void {
    this.#known.delete(fullTopic);
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

  async #ask(fullTopic: string): Promise<TopicLeaders> {
    this.#known.delete(fullTopic);
    const read = async (cluster: KafkajsCluster) => {
      await cluster.connect();
      await cluster.refreshMetadata();
      if (!this.#known.has(fullTopic)) await cluster.refreshMetadata(); // that refresh was under way before
    };
    await this.#connections.ask(`the metadata of topic ${fullTopic} cannot be read`, read);
    const { leaders } = this.#known.get(fullTopic) ?? { leaders: { errorCode: UNKNOWN_TOPIC, leaders: [] } };
    if (leaders.errorCode !== 0) this.#known.delete(fullTopic);
    return leaders;
  }

  async #readMetadata(broker: KafkajsBroker): Promise<KafkajsMetadata> {
    const { requestTimeoutMs: timeoutMs, allowAutoTopicCreation } = this.#options;
    const query = { topics: [...this.#reading.keys()], allowAutoTopicCreation };
    const found = await sendRequest(broker, metadataRequest, query, { timeoutMs });
    ProtocolError.throwIf(found.errorCode);
    const until = runtime().clock.monotonic() + METADATA_MAX_AGE_MS;
    for (const topic of found.topics) this.#known.set(topic.topic, { leaders: topicLeaders(topic), until });
    return { brokers: found.brokers, controllerId: found.controllerId, topicMetadata: [] };
  }
}

interface KnownTopic {
  readonly leaders: TopicLeaders;
  /** On the clock that never jumps. */
  readonly until: number;
}

const DOING = 'events cannot be published';
const UNKNOWN_TOPIC = 3;
/** How soon added partitions are used; the default of Kafka's clients. */
const METADATA_MAX_AGE_MS = 300_000;

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
