import { describe, expect, it } from 'vitest';
import { leaderlessError } from './leaderless-error.test-support.js';
import {
  keepLeaderlessPartitions,
  leaderlessPartitionsOf,
  type MetadataConnection,
} from './leaderless-partitions.js';

describe('leaderlessPartitionsOf', () => {
  it('names the partitions because of which kafkajs refuses an answer, however deep its error lies', async () => {
    const error = await leaderlessError('orders', [2, 5]);
    expect(error).toMatchObject({ type: 'LEADER_NOT_AVAILABLE' });
    expect(leaderlessPartitionsOf(new Error('retries', { cause: error }))).toEqual([
      { topic: 'orders', partition: 2 },
      { topic: 'orders', partition: 5 },
    ]);
  });

  it('names none for other errors', () => {
    expect(leaderlessPartitionsOf(new Error('no answer'))).toEqual([]);
    expect(leaderlessPartitionsOf(undefined)).toEqual([]);
  });

  it('leaves answers to other requests, and answers without an error, as they are', async () => {
    const connection: MetadataConnection = {
      send: ({ response: { parse } }) => parse({ topicMetadata: [] }),
    };
    keepLeaderlessPartitions(connection);
    const response = { parse: async (decoded: unknown) => decoded };
    for (const apiKey of [3, 18]) {
      expect(await connection.send({ request: { apiKey }, response })).toEqual({ topicMetadata: [] });
    }
  });

  it('refuses a kafkajs whose connections send nothing', () => {
    expect(() => keepLeaderlessPartitions({} as MetadataConnection)).toThrow(
      /This version of kafkajs has no send/,
    );
  });
});
