import type { ControllableServer } from '../../server/controllable-server.js';
import type { PartitionState } from '../protocol/read-metadata.js';

/** One node of a cluster: a broker and a controller in one process. */
export interface KafkaNode extends ControllableServer {
  readonly id: number;
  /** `host:port` */
  readonly bootstrapServers: string;
}

/** A topic with its replicas where a test wants them. */
export interface PlacedTopic {
  readonly topic: string;
  /** Ids of nodes by partition: `[[1], [2], [3]]`, as many for each. The first of a partition is its preferred leader. */
  readonly replicas: readonly (readonly number[])[];
  /** Settings of the topic. */
  readonly config?: Readonly<Record<string, string>>;
}

/**
 * A running Kafka cluster for a test. Its methods ask nodes that are running and not frozen; they wait until all of these
 * know the result, and throw when that takes longer than half a minute.
 */
export interface KafkaCluster extends AsyncDisposable {
  /** `host:port` of each node, separated by commas. */
  readonly bootstrapServers: string;
  /** In the order of their ids. */
  readonly nodes: readonly KafkaNode[];
  /** @throws {Error} when there is none of this id */
  node(id: number): KafkaNode;
  /** Creates a topic and waits until its leaders answer. */
  createTopic(topic: PlacedTopic): Promise<void>;
  deleteTopic(topic: string): Promise<void>;
  /** Adds partitions behind those that a topic has: replicas of the new ones. */
  addPartitions(topic: string, replicas: readonly (readonly number[])[]): Promise<void>;
  /** Moves a partition to other nodes, which copy it; waits until the others have left it. */
  reassign(topic: string, partition: number, replicas: readonly number[]): Promise<void>;
  /** Makes a node that has a replica in sync the leader of a partition, and its preferred leader. */
  moveLeader(topic: string, partition: number, nodeId: number): Promise<void>;
  /** Partitions of a topic, in their order; empty when there is no such topic. */
  partitions(topic: string): Promise<readonly PartitionState[]>;
  /** Waits until the partitions of a topic are as a condition demands. */
  untilPartitions(
    topic: string,
    condition: (partitions: readonly PartitionState[]) => boolean,
  ): Promise<readonly PartitionState[]>;
  /** Waits until every replica of every topic is in sync; all nodes must be running. */
  untilInSync(): Promise<void>;
  /** Id of the node that coordinates a consumer group. */
  coordinatorOf(groupId: string): Promise<number>;
}
