import type { TextCleaner } from '@openedx-ts/events-core/bus';
import type { ResolvedKafkaClientOptions } from '../options/kafka-options.js';
import { saslTexts } from '../security/sasl-texts.js';
import { answerWithin } from './answer-within.js';
import { BrokerSockets } from './broker-sockets.js';
import { checkedBroker, type KafkajsBroker } from './kafkajs-broker.js';
import { createKafka } from './kafkajs-client.js';
import { type KafkajsCluster, type KafkajsMetadata, kafkajsCluster } from './kafkajs-cluster.js';
import { ProtocolError } from './protocol/protocol-error.js';

/** What to ask, and for how long. */
export interface AskOptions {
  /** In milliseconds. @defaultValue what connecting and one request may take */
  readonly deadlineMs?: number;
  /** Whose connections are cut when there is no answer in time: `host:port`. @defaultValue all */
  readonly peer?: string;
}

/**
 * The connections of one client to a cluster. Every question ends within its deadline: a connection that stays silent is
 * cut, so that half-open ones are noticed and replaced.
 */
export class Connections {
  readonly #options: ResolvedKafkaClientOptions;
  readonly #readMetadata: (broker: KafkajsBroker) => Promise<KafkajsMetadata>;
  readonly #texts: TextCleaner;
  #sockets: BrokerSockets;
  #cluster: KafkajsCluster;
  #generation = 0;

  /** @param readMetadata reads the metadata when kafkajs needs to know the brokers */
  constructor(
    options: ResolvedKafkaClientOptions,
    readMetadata: (broker: KafkajsBroker) => Promise<KafkajsMetadata>,
  ) {
    this.#options = options;
    this.#readMetadata = readMetadata;
    this.#texts = saslTexts(options.sasl);
    this.#sockets = new BrokerSockets(options);
    this.#cluster = this.#open();
  }

  /** Changes when all connections are replaced: brokers from before are of no use any more. */
  get generation(): number {
    return this.#generation;
  }

  /** Whether one of the present connections has ended: what answers at its address from then on may be another cluster. */
  get haveEnded(): boolean {
    return this.#sockets.haveEnded;
  }

  /** Cuts all connections and starts with the bootstrap servers again. */
  renew(): void {
    this.close('connections are replaced');
    this.#sockets = new BrokerSockets(this.#options);
    this.#cluster = this.#open();
  }

  /** Cuts all connections for good. */
  close(reason?: string): void {
    this.#generation += 1;
    this.#sockets.close(reason);
  }

  /**
   * Asks the cluster something.
   *
   * @param doing what failed, for errors: `topics cannot be listed`
   * @throws InfrastructureError for an error that may pass, KafkaAccessError for access that must be granted
   */
  ask<T>(
    doing: string,
    run: (cluster: KafkajsCluster) => Promise<T>,
    { deadlineMs = this.#connectDeadlineMs, peer }: AskOptions = {},
  ): Promise<T> {
    const cluster = this.#cluster;
    return answerWithin(this.#sockets, { doing, deadlineMs, peer, texts: this.#texts }, () => run(cluster));
  }

  /** Asks one broker something, whose connections alone are cut when it does not answer. */
  askBroker<T>(
    broker: KafkajsBroker,
    doing: string,
    run: (broker: KafkajsBroker) => Promise<T>,
    deadlineMs = this.#options.requestTimeoutMs,
  ): Promise<T> {
    return this.ask(doing, () => run(broker), { deadlineMs, peer: broker.brokerAddress });
  }

  /** A broker, connected. */
  async broker(nodeId: number, doing: string): Promise<KafkajsBroker> {
    return checkedBroker(await this.ask(doing, (cluster) => cluster.findBroker({ nodeId: String(nodeId) })));
  }

  /** The broker that coordinates a group, connected. */
  async coordinator(groupId: string): Promise<KafkajsBroker> {
    const doing = `the coordinator of group ${groupId} cannot be found`;
    const broker = await this.ask(doing, (cluster) =>
      cluster.findGroupCoordinator({ groupId }).catch((error) => whyNoCoordinator(cluster, groupId, error)),
    );
    return checkedBroker(broker);
  }

  /** Connecting takes several requests, and tries that kafkajs makes by itself. */
  get #connectDeadlineMs(): number {
    const { connectTimeoutMs, requestTimeoutMs } = this.#options;
    return connectTimeoutMs + requestTimeoutMs;
  }

  #open(): KafkajsCluster {
    return kafkajsCluster(createKafka(this.#options, this.#sockets, this.#texts), this.#readMetadata);
  }
}

const COORDINATOR_NOT_AVAILABLE = 15;

/** kafkajs reports no more than that it has found none: without the reason, a missing right would be waited for. */
async function whyNoCoordinator(cluster: KafkajsCluster, groupId: string, error: unknown): Promise<never> {
  const broker = checkedBroker(await cluster.findControllerBroker());
  await broker.findGroupCoordinator({ groupId, coordinatorType: 0 });
  if (!(error instanceof Error && error.name === 'KafkaJSGroupCoordinatorNotFound')) throw error;
  throw new ProtocolError(COORDINATOR_NOT_AVAILABLE); // it has become available since: callers retry this error
}
