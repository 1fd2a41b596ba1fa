import { describe, expect, it } from 'vitest';
import { configFindings } from './config-findings.js';
import type { PartitionFacts, TopicFacts } from './read-topic.js';

const healthy: PartitionFacts = {
  partition: 0,
  leader: 1,
  leaderEpoch: 4,
  replicas: [1, 2, 3],
  inSyncReplicas: [1, 2, 3],
  first: 0,
  end: 9,
  readableEnd: 9,
};
const topicOf = (...partitions: readonly Partial<PartitionFacts>[]): TopicFacts => ({
  fullTopic: 'orders',
  partitions: partitions.map((partition, index) => ({ ...healthy, partition: index, ...partition })),
});
const configOf = (config: Readonly<Record<string, string>> = {}) =>
  new Map(Object.entries({ 'min.insync.replicas': '2', 'retention.ms': '604800000', ...config }));
const textsOf = (
  topic: TopicFacts,
  config: Parameters<typeof configFindings>[2],
  nodes = 3,
  hasZstd = true,
) =>
  configFindings('topic orders', topic, config, { nodes, maxMessageBytes: 1_000_000, hasZstd }).map(
    ({ verdict, message }) => `${verdict}: ${message}`,
  );
const keeps = 'ok: it keeps events for 7 d';

const notAllowed = { reason: 'not allowed', error: new Error('not allowed') };

describe('configFindings', () => {
  it('reports how long a topic keeps events, where all else is well', () => {
    expect(textsOf(topicOf({}, {}), configOf())).toEqual([keeps]);
    expect(textsOf(topicOf({}), configOf({ 'retention.bytes': '1000' }))).toEqual([
      `${keeps}, at most 1000 bytes of a partition`,
    ]);
    expect(textsOf(topicOf({}), configOf({ 'retention.ms': '-1' }))).toEqual([
      'ok: it keeps events for ever',
    ]);
  });

  it('finds partitions without a leader, and replicas that are out of sync', () => {
    const topic = topicOf(
      {},
      { leader: -1, inSyncReplicas: [], first: null, end: null },
      { inSyncReplicas: [1] },
    );
    expect(textsOf(topic, configOf())).toEqual([
      'problem: no broker leads partition 1: events can be neither sent to it nor read from it',
      'warning: replicas of partition 2 are out of sync or offline',
      keeps,
    ]);
  });

  it('finds topics that a dead broker makes unavailable, but not in a cluster of one broker', () => {
    const topic = topicOf({ replicas: [1], inSyncReplicas: [1] });
    const config = configOf({ 'min.insync.replicas': '1' });
    expect(textsOf(topic, config)[0]).toMatch(/^warning: some of its partitions have one replica/);
    expect(textsOf(topic, config, 1)).toEqual([keeps]);
  });

  it('finds topics with too few replicas for min.insync.replicas, and those that require only one', () => {
    expect(textsOf(topicOf({}), configOf({ 'min.insync.replicas': '4' }))[0]).toBe(
      'problem: min.insync.replicas is 4 and there are 3 replicas: Kafka accepts no event',
    );
    expect(textsOf(topicOf({}), configOf({ 'min.insync.replicas': '1' }))[0]).toMatch(
      /^warning: min\.insync\.replicas is 1/,
    );
  });

  it('finds topics that are compressed with zstd, where it cannot be read', () => {
    const config = configOf({ 'compression.type': 'zstd' });
    expect(textsOf(topicOf({}), config)).toEqual([keeps]);
    expect(textsOf(topicOf({}), config, 3, false)).toEqual([
      keeps,
      'problem: brokers compress its events with zstd (compression.type), which cannot be read here: consumers wait in front of them',
    ]);
    expect(textsOf(topicOf({}), configOf({ 'compression.type': 'producer' }), 3, false)).toEqual([keeps]);
  });

  it('reports what it may not read', () => {
    expect(textsOf(topicOf({}), notAllowed)).toEqual(['warning: what it keeps is unknown: not allowed']);
  });
});
