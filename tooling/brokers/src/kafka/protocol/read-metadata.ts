import { askNode, type TcpAddress } from './ask-node.js';
import { ProtocolBytes } from './protocol-bytes.js';

/** What a node knows of its cluster. */
export interface KafkaMetadata {
  readonly clusterId: string;
  /** Ids of the brokers that are alive, as far as the node knows. */
  readonly brokers: readonly number[];
  readonly topics: readonly TopicState[];
}

/** What a node knows of a topic. */
export interface TopicState {
  readonly topic: string;
  /** 0 for none. */
  readonly errorCode: number;
  readonly partitions: readonly PartitionState[];
}

/** What a node knows of a partition. */
export interface PartitionState {
  readonly partition: number;
  /** -1 for none. */
  readonly leader: number;
  /** The preferred leader comes first. */
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
}

/**
 * Asks a node for its metadata; no topic is created by that.
 * @param topics null for all
 * @throws {Error} when it does not answer within the time
 */
export async function readMetadata(
  address: TcpAddress,
  topics: readonly string[] | null,
  timeoutMs: number,
): Promise<KafkaMetadata> {
  const body = new ProtocolBytes();
  if (topics === null) body.int32(-1);
  else body.array(topics, (bytes, topic) => bytes.text(topic));
  body.int8(0);
  const answer = await askNode(address, { apiKey: 3, version: 4, body }, timeoutMs);
  answer.int32(); // throttle time
  const brokers = answer.array(() => {
    const id = answer.int32();
    answer.text(); // host
    answer.int32(); // port
    answer.text(); // rack
    return id;
  });
  const clusterId = answer.text();
  answer.int32(); // controller
  return {
    clusterId,
    brokers,
    topics: answer.array(() => {
      const errorCode = answer.int16();
      const topic = answer.text();
      answer.int8(); // whether internal
      const partitions = answer.array(() => {
        answer.int16(); // error
        return {
          partition: answer.int32(),
          leader: answer.int32(),
          replicas: answer.array(() => answer.int32()),
          inSync: answer.array(() => answer.int32()),
        };
      });
      return { topic, errorCode, partitions: partitions.sort((a, b) => a.partition - b.partition) };
    }),
  };
}
