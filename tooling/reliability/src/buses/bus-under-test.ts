import type { FakeSchemaRegistry, FaultProxy, KafkaCluster } from '@openedx-ts/brokers';
import type { Environment, EventBusPlugin } from '@openedx-ts/events-core';
import type { BusProcess, BusProcessCommand } from '../processes/bus-process.js';

/** A bus that the rig can bring up. */
export interface BusUnderTest {
  /** As the command and the report have it. */
  readonly name: string;
  /** Whether the events of a key are handled in order with several members, without being asked to. */
  readonly isAlwaysInOrder: boolean;
  /** Whether events may be lost that were accepted before a replica had them, when their primary dies. They are counted. */
  readonly mayLoseUnreplicated?: boolean;
  /** Whether a send may be rejected with an unknown outcome when the primary dies. Such sends are counted. */
  readonly mayBeUnknown?: boolean;
  /** Starts a broker that nobody else uses, set up to keep what it has accepted. */
  start(options?: BrokerOptions): Promise<BrokerUnderTest>;
}

/** What a scenario needs of a broker. */
export interface BrokerOptions {
  /** Whether its clients go through a proxy that can break what goes through it. */
  readonly isProxied?: boolean;
  /** Whether it lets go of what is old, so that it does not grow for as long as it runs. */
  readonly forgets?: boolean;
}

/** A running broker of a bus, and what can be done to it. */
export interface BrokerUnderTest extends AsyncDisposable {
  readonly plugin: EventBusPlugin;
  /** What a process needs to use it. */
  readonly env: Environment;
  /** How long its clients wait for an answer before they close a connection. */
  readonly clientsWaitMs: number;
  /** Through which its clients go, where that was asked for. */
  readonly proxy?: FaultProxy | undefined;
  /** Where schemas are, on a bus that has them elsewhere. */
  readonly registry?: FakeSchemaRegistry;
  /** Options of a consumer whose events other members claim after about that time when it dies. */
  consumerOptions(options: TakeOver): Readonly<Record<string, unknown>>;
  /** Starts a producer or a consumer where it is not a process of its own. */
  startProcess?(command: BusProcessCommand): BusProcess;
  /** Promotes replicas, on a broker of several servers. */
  readonly failover?: BrokerFailover;
  /** The nodes, on a Kafka of several. */
  readonly kafkaCluster?: KafkaCluster;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again with what it has kept; resolves when it answers. */
  start(): Promise<void>;
  /** SIGSTOP. */
  freeze(): Promise<void>;
  /** SIGCONT. */
  unfreeze(): Promise<void>;
  /** Deletes all that it holds. */
  flush(): Promise<void>;
  /** The ids of the events that lie in a topic, by position, read back from the broker, where the rig can read it. */
  log?(topic: string): Promise<ReadonlyMap<string, string>>;
  /** What the broker itself reports about a topic and a group. */
  stock(topic: string, groupId: string): Promise<BrokerStock>;
}

/** What can be done to a broker of several servers. */
export interface BrokerFailover {
  /** SIGKILL of the primary of the topic; resolves when a replica was promoted. */
  unplanned(): Promise<void>;
  /** Promotes a replica of the primary that runs; resolves when that is done. */
  planned(): Promise<void>;
  /** Starts what was killed; resolves when all replicas have the data. */
  heal(): Promise<void>;
}

/** How members of a group follow each other. */
export interface TakeOver {
  readonly takeOverMs: number;
  /** Whether the group keeps the order of a key, on a bus that does so only when asked to. */
  readonly inOrder?: boolean;
}

/** What a broker holds. */
export interface BrokerStock {
  /** Entries of the topic. */
  readonly stored: number;
  /** Delivered to the group, and not acknowledged. */
  readonly pending: number;
  /** Not delivered to the group yet. */
  readonly unread: number;
}
