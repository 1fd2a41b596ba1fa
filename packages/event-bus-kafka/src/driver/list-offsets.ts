import { InfrastructureError } from '@openedx-ts/events-core';
import { byLeader } from './by-leader.js';
import type { Connections } from './connections.js';
import { kafkaError } from './kafka-error.js';
import { LeaderlessError } from './leaderless-error.js';
import type { ListedOffsets } from './listed-offsets.js';
import { isolationLevelOf, type OffsetSpec, timestampOf } from './offset-spec.js';
import { listOffsetsRequest } from './protocol/list-offsets.js';
import type { TopicMetadata } from './protocol/metadata.js';
import { ProtocolError } from './protocol/protocol-error.js';
import { sendRequest } from './send-request.js';

/** Whom to ask for offsets. */
export interface ListOffsetsOptions {
  readonly connections: Connections;
  readonly requestTimeoutMs: number;
}

/**
 * Asks the leaders of partitions for offsets, all at once. A partition that has no leader, or whose leader does not answer,
 * does not affect the others.
 *
 * @throws KafkaAccessError for access that must be granted
 */
export async function listOffsets(
  { connections, requestTimeoutMs: timeoutMs }: ListOffsetsOptions,
  { topic, partitions: metadata }: Pick<TopicMetadata, 'topic' | 'partitions'>,
  partitions: readonly number[],
  at: OffsetSpec,
): Promise<ListedOffsets> {
  const doing = `offsets of topic ${topic} cannot be read`;
  const query = { isolationLevel: isolationLevelOf(at), topic, timestamp: timestampOf(at) };
  const offsets = new Map<number, number>();
  const failures = new Map<number, Error>();
  const failed = (partition: number, error: Error) => {
    if (!(error instanceof InfrastructureError)) throw error;
    failures.set(partition, error);
  };
  const ask = async (nodeId: number, led: readonly number[]) => {
    const leader = await connections.broker(nodeId, doing);
    return connections.askBroker(leader, doing, () =>
      sendRequest(leader, listOffsetsRequest, { ...query, partitions: led }, { timeoutMs }),
    );
  };
  const { led, leaderless } = byLeader(metadata, partitions);
  for (const partition of leaderless) failures.set(partition, new LeaderlessError(topic, partition));
  const answers = await Promise.allSettled(Array.from(led, ([nodeId, ofNode]) => ask(nodeId, ofNode)));
  for (const [index, ofNode] of [...led.values()].entries()) {
    const answer = answers[index] as (typeof answers)[number];
    if (answer.status === 'rejected') for (const partition of ofNode) failed(partition, answer.reason);
    else
      for (const { partition, errorCode, offset } of answer.value) {
        if (errorCode === 0) offsets.set(partition, offset);
        else failed(partition, kafkaError(new ProtocolError(errorCode), doing));
      }
  }
  return { offsets, failures };
}
