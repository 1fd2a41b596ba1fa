import type { NodeRequest } from '../protocol/ask-node.js';
import type { ProtocolAnswer } from '../protocol/protocol-answer.js';
import { ProtocolBytes } from '../protocol/protocol-bytes.js';
import type { PlacedTopic } from './kafka-cluster.js';

/** A request, and how to read the error code of its answer: 0 for none. */
export interface ClusterRequest {
  readonly name: string;
  readonly request: NodeRequest;
  readonly errorCode: (answer: ProtocolAnswer) => number;
}

/** How long a node may work at one of these. */
export const REQUEST_TIMEOUT_MS = 10_000;

/** CreateTopics, version 2. */
export function createTopicRequest({ topic, replicas, config = {} }: PlacedTopic): ClusterRequest {
  const body = new ProtocolBytes().array([topic], (bytes) =>
    bytes
      .text(topic)
      .int32(-1)
      .int16(-1)
      .array([...replicas.entries()], (_, [partition, nodes]) => {
        bytes.int32(partition).array(nodes, (_, node) => bytes.int32(node));
      })
      .array(Object.entries(config), (_, [name, value]) => bytes.text(name).text(value)),
  );
  body.int32(REQUEST_TIMEOUT_MS).int8(0);
  return { name: 'CreateTopics', request: { apiKey: 19, version: 2, body }, errorCode: errorOfTopic };
}

/** DeleteTopics, version 1. */
export function deleteTopicRequest(topic: string): ClusterRequest {
  const body = new ProtocolBytes().array([topic], (bytes) => bytes.text(topic)).int32(REQUEST_TIMEOUT_MS);
  return { name: 'DeleteTopics', request: { apiKey: 20, version: 1, body }, errorCode: errorOfTopic };
}

/** CreatePartitions, version 1. */
export function createPartitionsRequest(
  topic: string,
  total: number,
  replicas: readonly (readonly number[])[],
): ClusterRequest {
  const body = new ProtocolBytes().array([topic], (bytes) =>
    bytes
      .text(topic)
      .int32(total)
      .array(replicas, (_, nodes) => bytes.array(nodes, (_, node) => bytes.int32(node))),
  );
  body.int32(REQUEST_TIMEOUT_MS).int8(0);
  return { name: 'CreatePartitions', request: { apiKey: 37, version: 1, body }, errorCode: errorOfTopic };
}

/** AlterPartitionReassignments, version 0. */
export function reassignRequest(
  topic: string,
  partition: number,
  replicas: readonly number[],
): ClusterRequest {
  const body = new ProtocolBytes().int32(REQUEST_TIMEOUT_MS).compactArray([topic], (bytes) =>
    bytes
      .compactText(topic)
      .compactArray([partition], () =>
        bytes
          .int32(partition)
          .compactArray(replicas, (_, node) => bytes.int32(node))
          .noTags(),
      )
      .noTags(),
  );
  body.noTags();
  return {
    name: 'AlterPartitionReassignments',
    request: { apiKey: 45, version: 0, body, hasTags: true },
    errorCode: (answer) => {
      answer.int32(); // throttle time
      const whole = answer.int16();
      if (whole !== 0) return whole;
      answer.compactText();
      const [code = 0] = answer
        .compactArray(() => {
          answer.compactText();
          return answer.compactArray(() => {
            answer.int32();
            return answer.int16();
          });
        })
        .flat();
      return code;
    },
  };
}

/** ElectLeaders, version 1, of the preferred leader. */
export function electLeaderRequest(topic: string, partition: number): ClusterRequest {
  const body = new ProtocolBytes()
    .int8(0)
    .array([topic], (bytes) => bytes.text(topic).array([partition], () => bytes.int32(partition)))
    .int32(REQUEST_TIMEOUT_MS);
  return {
    name: 'ElectLeaders',
    request: { apiKey: 43, version: 1, body },
    errorCode: (answer) => {
      answer.int32(); // throttle time
      const whole = answer.int16();
      const [code = 0] = answer
        .array(() => {
          answer.text();
          return answer.array(() => {
            answer.int32();
            return answer.int16();
          });
        })
        .flat();
      return whole === 0 ? code : whole;
    },
  };
}

/** FindCoordinator, version 1, of a consumer group. */
export function findCoordinatorRequest(groupId: string): NodeRequest {
  return { apiKey: 10, version: 1, body: new ProtocolBytes().text(groupId).int8(0) };
}

/** ListOffsets, version 1, of the ends of partitions. */
export function endOffsetsRequest(topic: string, partitions: readonly number[]): NodeRequest {
  const body = new ProtocolBytes().int32(-1).array([topic], (bytes) =>
    bytes.text(topic).array(partitions, (_, partition) => {
      bytes.int32(partition).int32(-1).int32(-1);
    }),
  );
  return { apiKey: 2, version: 1, body };
}

/** Of the one topic that was asked for. */
function errorOfTopic(answer: ProtocolAnswer): number {
  answer.int32(); // throttle time
  const [code = 0] = answer.array(() => {
    answer.text();
    return answer.int16();
  });
  return code;
}
