import { createRequire } from 'node:module';
import { keepLeaderlessPartitions, type MetadataConnection } from './leaderless-partitions.js';

/** kafkajs' own reader of Metadata responses, which throws for a partition without a leader. */
const response = createRequire(import.meta.url)('kafkajs/src/protocol/requests/metadata/v6/response.js');

/** What kafkajs throws when it reads that partitions of a topic have no leader; partition 99 of another topic has one. */
export async function leaderlessError(topic: string, partitions: readonly number[]): Promise<unknown> {
  const connection: MetadataConnection = {
    send: ({ response: { parse } }) => parse(metadata(topic, partitions)),
  };
  keepLeaderlessPartitions(connection);
  return connection.send({ request: { apiKey: 3 }, response }).catch((error: unknown) => error);
}

function metadata(topic: string, partitions: readonly number[]) {
  const topicOf = (name: string, numbers: readonly number[], partitionErrorCode: number) => ({
    topicErrorCode: 0,
    topic: name,
    partitionMetadata: numbers.map((partitionId) => ({ partitionId, partitionErrorCode })),
  });
  return { topicMetadata: [topicOf('healthy', [99], 0), topicOf(topic, partitions, 5)] };
}
