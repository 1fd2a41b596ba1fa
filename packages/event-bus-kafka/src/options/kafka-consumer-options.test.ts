import { configureEvents, InvalidOptionsError } from '@openedx-ts/events-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type KafkaConsumerOptions, resolveKafkaConsumerOptions } from './kafka-consumer-options.js';

const least: KafkaConsumerOptions = {
  bootstrapServers: 'localhost:9092',
  schemaRegistry: { url: 'http://localhost:8081' },
  topics: ['t'],
  groupId: 'g',
};

const resolve = (options: object = {}) => resolveKafkaConsumerOptions({ ...least, ...options });

function issuesOf(options: object): readonly string[] {
  try {
    resolve(options);
    return [];
  } catch (error) {
    return (error as InvalidOptionsError).issues.map(({ path }) => path);
  }
}

describe('resolveKafkaConsumerOptions', () => {
  const warn = vi.fn();
  let restore: Disposable;

  beforeEach(() => {
    warn.mockReset();
    restore = configureEvents({ logger: { debug() {}, info() {}, warn, error() {} } });
  });
  afterEach(() => restore[Symbol.dispose]());

  it('fills in defaults', () => {
    expect(resolve()).toMatchObject({
      startFrom: 'resume',
      sessionTimeoutMs: 45_000,
      heartbeatIntervalMs: 3_000,
      rebalanceTimeoutMs: 60_000,
      drainTimeoutMs: 20_000,
      maxBackoffMs: 4_000,
      maxWaitMs: 500,
      requestTimeoutMs: 10_000,
    });
    expect(warn).not.toHaveBeenCalled();
  });

  it('has heartbeats and rebalances follow the options they depend on', () => {
    expect(resolve({ sessionTimeoutMs: 1_000 }).heartbeatIntervalMs).toBe(333);
    expect(resolve({ drainTimeoutMs: 120_000 }).rebalanceTimeoutMs).toBe(130_000);
  });

  it('refuses a session with too few heartbeats, and no time to drain, together', () => {
    const options = { sessionTimeoutMs: 6_000, heartbeatIntervalMs: 2_001, rebalanceTimeoutMs: 20_000 };
    expect(issuesOf(options)).toStrictEqual(['heartbeatIntervalMs', 'rebalanceTimeoutMs']);
  });

  it.each([
    ['sessionTimeoutMs', 2 ** 31],
    ['sessionTimeoutMs', 0],
    ['maxWaitMs', -1],
    ['maxWaitMs', 0.5],
    ['maxBytesPerPartition', 0],
    ['metadataMaxAgeMs', 'often'],
    ['unreadyWithoutLeader', 'no'],
    ['offset_time', 'yesterday'],
  ])('refuses %s of %j', (name, value) => {
    expect(issuesOf({ [name]: value })).toContain(name);
  });

  it.each(['search:index', 'my group', 'team/app', 'größe', 'a\nb', 'g'.repeat(240)])(
    'refuses group %j, which works until its first dead letter, whose topic Kafka does not create',
    (groupId) => {
      const options = { topics: ['orders'], groupId };
      expect(issuesOf(options)).toStrictEqual(['groupId']);
      expect(() => resolve(options)).toThrow(/choose another group id/);
    },
  );

  it('refuses a group only where the name of some dead-letter topic is too long, prefix included', () => {
    const groupId = 'g'.repeat(200);
    expect(issuesOf({ groupId })).toStrictEqual([]);
    expect(issuesOf({ groupId, topics: ['t', 't'.repeat(44)] })).toStrictEqual([]);
    expect(issuesOf({ groupId, topics: ['t', 't'.repeat(45)] })).toStrictEqual(['groupId']);
    expect(issuesOf({ groupId, topics: ['t'.repeat(40)], topicPrefix: 'prod' })).toStrictEqual(['groupId']);
  });

  it('allows any group id where no policy makes dead letters', () => {
    const groupId = 'search:index';
    expect(issuesOf({ groupId, onFailure: 'drop' })).toStrictEqual([]);
    expect(issuesOf({ groupId, onFailure: 'stop' })).toStrictEqual([]);
    expect(issuesOf({ groupId, onFailure: 'drop', unknownType: 'dead-letter' })).toStrictEqual(['groupId']);
    const policies = { 'org.example.a.b.v1': { onFailure: 'dead-letter' } };
    expect(issuesOf({ groupId, onFailure: 'drop', policies })).toStrictEqual(['groupId']);
  });

  it('refuses topics that Kafka does not create, and reports them with all other issues', () => {
    expect(issuesOf({ topics: ['search:index', 'ok'] })).toStrictEqual(['topics']);
    expect(issuesOf({ topics: ['t'.repeat(240)], topicPrefix: 'production', groupId: 'g' })).toStrictEqual([
      'topics',
    ]);
    const wrong = { topics: ['a b'], groupId: 'my group', heartbeatIntervalMs: 44_000, maxWaitMs: -1 };
    expect(issuesOf(wrong).toSorted()).toStrictEqual([
      'groupId',
      'heartbeatIntervalMs',
      'maxWaitMs',
      'topics',
    ]);
  });

  it('accepts what Python calls offset_time for where a new group begins, in UTC unless it has an offset', () => {
    const time = (text: string) => (resolve({ offset_time: text }).startFrom as { time: Date }).time;
    expect(time('2026-01-31T06:00:00').toISOString()).toBe('2026-01-31T06:00:00.000Z');
    expect(time('2026-01-31T06:00:00+02:00').toISOString()).toBe('2026-01-31T04:00:00.000Z');
    expect(warn).toHaveBeenCalledTimes(2);
    expect(resolve({ offset_time: '2026-01-31T06:00:00', startFrom: 'resume' }).startFrom).toBe('resume');
  });

  it('refuses what it does not know, with the nearest name', () => {
    expect(() => resolve({ sesionTimeoutMs: 1 })).toThrow(/did you mean sessionTimeoutMs\?/);
    expect(() => resolve({ topics: [] })).toThrow(InvalidOptionsError);
  });
});
