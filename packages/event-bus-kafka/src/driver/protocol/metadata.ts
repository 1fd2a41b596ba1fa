import type { ProtocolReader } from './protocol-reader.js';
import type { RequestType } from './request-type.js';

/** Which topics to describe; null for all. */
export interface MetadataQuery {
  readonly topics: readonly string[] | null;
  /** Whether brokers may create those that do not exist. @defaultValue false */
  readonly allowAutoTopicCreation?: boolean;
}

/** A broker, with the address that it advertises to clients. */
export interface BrokerAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

/** A partition as the metadata describes it. */
export interface PartitionMetadata {
  readonly partition: number;
  /** Node id of the leader; -1 while there is none. */
  readonly leader: number;
  /** Counts changes of the leader; -1 where the broker does not report it. */
  readonly leaderEpoch: number;
  /** Node ids of the brokers that hold a replica. */
  readonly replicas: readonly number[];
  /** Node ids of the replicas that are in sync. */
  readonly inSyncReplicas: readonly number[];
}

/** A topic as the metadata describes it. */
export interface TopicMetadata {
  readonly topic: string;
  /** Changes when a topic is deleted and created again; undefined for brokers before Kafka 2.8. */
  readonly topicId: string | undefined;
  /** Kafka's number of the error with this topic; 0 for none. */
  readonly errorCode: number;
  readonly partitions: readonly PartitionMetadata[];
}

/** The brokers of a cluster and the topics that were asked for. */
export interface ClusterMetadata {
  readonly brokers: readonly BrokerAddress[];
  /** The id of the cluster; null where the broker does not report it. */
  readonly clusterId: string | null;
  readonly controllerId: number;
  readonly topics: readonly TopicMetadata[];
  /** Kafka's number of the error with the whole request; 0 for none. */
  readonly errorCode: number;
}

/** Metadata, versions 8 (Kafka 2.3) to 13 (Kafka 4.0). Topic ids come with version 10, leader epochs with all of them. */
export const metadataRequest: RequestType<MetadataQuery, ClusterMetadata> = {
  apiKey: 3,
  apiName: 'Metadata',
  minVersion: 8,
  maxVersion: 13,
  flexibleFrom: 9,
  write: (writer, { topics, allowAutoTopicCreation = false }, version) => {
    writer.array(topics, (topic) => {
      if (version >= 10) writer.uuid(undefined); // the topic is looked up by name
      writer.string(topic).taggedFields();
    });
    writer.boolean(allowAutoTopicCreation);
    if (version <= 10) writer.boolean(false); // authorized operations of the cluster
    writer.boolean(false); // authorized operations of topics
    writer.taggedFields();
  },
  read: (reader, version) => {
    const brokers = reader.array(() => readBroker(reader));
    const clusterId = reader.nullableString();
    const controllerId = reader.int32();
    const topics = reader.array(() => readTopic(reader, version));
    if (version <= 10) reader.int32(); // authorized operations of the cluster
    const errorCode = version >= 13 ? reader.int16() : 0;
    return { brokers, clusterId, controllerId, topics, errorCode };
  },
};

function readBroker(reader: ProtocolReader): BrokerAddress {
  const nodeId = reader.int32();
  const host = reader.string();
  const port = reader.int32();
  const rack = reader.nullableString();
  reader.taggedFields();
  return { nodeId, host, port, rack };
}

function readTopic(reader: ProtocolReader, version: number): TopicMetadata {
  const errorCode = reader.int16();
  const topic = reader.string();
  const topicId = version >= 10 ? reader.uuid() : undefined;
  reader.int8(); // whether it is internal
  const partitions = reader.array(() => readPartition(reader));
  reader.int32(); // authorized operations of the topic
  reader.taggedFields();
  return { topic, topicId, errorCode, partitions };
}

function readPartition(reader: ProtocolReader): PartitionMetadata {
  reader.int16(); // its error is that it has no leader, which the leader -1 shows, or that a replica is missing
  const partition = reader.int32();
  const leader = reader.int32();
  const leaderEpoch = reader.int32();
  const replicas = reader.array(() => reader.int32());
  const inSyncReplicas = reader.array(() => reader.int32());
  reader.array(() => reader.int32()); // replicas that are offline
  reader.taggedFields();
  return { partition, leader, leaderEpoch, replicas, inSyncReplicas };
}
