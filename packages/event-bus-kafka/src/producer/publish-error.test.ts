import { InfrastructureError, ProduceFailedError } from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import { leaderlessError } from '../driver/leaderless-error.test-support.js';
import { publishError } from './publish-error.js';

const brokerError = (type: string) => Object.assign(new Error(`the broker says ${type}`), { type, code: 5 });
const attempt = { fullTopic: 'dev-orders', deliveryTimeoutMs: 30_000, wasSent: true, isShared: false };

describe('publishError', () => {
  it('reports a partition without a leader, and how long producing is retried', () => {
    const error = publishError(brokerError('LEADER_NOT_AVAILABLE'), attempt);
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(error.message).toBe(
      'Topic dev-orders: a partition has no leader (LEADER_NOT_AVAILABLE). Producing to it is retried until deliveryTimeoutMs (30,000 ms); start the brokers that hold it',
    );
  });

  it.each<[string, string, readonly number[], string]>([
    ['the partition', 'dev-orders', [2], 'partition 2 has no leader'],
    ['each partition', 'dev-orders', [2, 5], 'partitions 2, 5 have no leader'],
    ['the other topic', 'dev-mail', [0], 'partition 0 of topic dev-mail has no leader'],
    [
      'the first ten',
      'dev-orders',
      Array.from({ length: 12 }, (_, partition) => partition),
      'partitions 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more have no leader',
    ],
  ])('names %s without a leader', async (_, topic, partitions, expected) => {
    const thrown = await leaderlessError(topic, partitions);
    const wrapped = new Error('retries are used up', { cause: thrown });
    expect(publishError(wrapped, attempt).message).toContain(
      `Topic dev-orders: ${expected} (LEADER_NOT_AVAILABLE)`,
    );
  });

  it('names no limit for dead letters, which have none', () => {
    const error = publishError(brokerError('LEADER_NOT_AVAILABLE'), {
      ...attempt,
      deliveryTimeoutMs: undefined,
    });
    expect(error.message).toContain('Producing to it is retried; start');
  });

  it('reports other errors of the broker under the topic', () => {
    expect(publishError(brokerError('MESSAGE_TOO_LARGE'), attempt)).toBeInstanceOf(ProduceFailedError);
    expect(publishError(brokerError('NOT_ENOUGH_REPLICAS'), attempt).message).toMatch(
      /^events for topic dev-orders cannot be published: Kafka: NOT_ENOUGH_REPLICAS/,
    );
  });

  it('reports a wrong clock as such, to be retried until it is set right', () => {
    const error = publishError(brokerError('INVALID_TIMESTAMP'), attempt);
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(error).not.toHaveProperty('mayBeAccepted');
    expect(error.message).toMatch(/INVALID_TIMESTAMP: the clock of this machine .*: set the clock right$/);
  });

  it('returns errors of this project as they are', () => {
    const error = new InfrastructureError('Kafka: the connection was closed');
    expect(publishError(error, { ...attempt, wasSent: false })).toBe(error);
  });

  it.each<[string, Error]>([
    ['the connection was closed', new InfrastructureError('Kafka: the connection was closed')],
    ['the connection was reset', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })],
    ['the request timed out', new Error('Request Produce(key: 0, version: 7) timed out')],
    ['the leader waited for replicas in vain', brokerError('REQUEST_TIMED_OUT')],
    ['the replicas went away after it was appended', brokerError('NOT_ENOUGH_REPLICAS_AFTER_APPEND')],
  ])('reports that the events may have been accepted when %s', (_, thrown) => {
    expect(publishError(thrown, attempt)).toMatchObject({ retryable: true, mayBeAccepted: true });
  });

  it.each([
    ['NOT_ENOUGH_REPLICAS', true],
    ['NOT_LEADER_FOR_PARTITION', true],
    ['INVALID_TIMESTAMP', true],
    ['UNKNOWN_TOPIC_OR_PARTITION', undefined],
    ['LEADER_NOT_AVAILABLE', undefined],
  ])(
    'of a request to several partitions reports for %s whether others may have stored theirs',
    (type, mayBe) => {
      const error = publishError(brokerError(type), { ...attempt, isShared: true });
      expect(error).toMatchObject({ retryable: true });
      expect((error as { mayBeAccepted?: unknown }).mayBeAccepted).toBe(mayBe);
    },
  );

  it.each<[string, Error, boolean]>([
    ['the broker refused them', brokerError('NOT_ENOUGH_REPLICAS'), true],
    ['the connection was refused', Object.assign(new Error('no'), { code: 'ECONNREFUSED' }), true],
    ['the connection was never open', new InfrastructureError('Kafka: no answer within 5 ms'), false],
  ])('reports that they were not accepted when %s', (_, thrown, wasSent) => {
    expect(publishError(thrown, { ...attempt, wasSent })).not.toHaveProperty('mayBeAccepted');
  });
});
