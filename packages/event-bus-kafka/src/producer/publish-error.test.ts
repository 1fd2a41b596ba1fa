import { InfrastructureError, ProduceFailedError } from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import { publishError } from './publish-error.js';

const brokerError = (type: string) => Object.assign(new Error(`the broker says ${type}`), { type, code: 5 });
const attempt = { fullTopic: 'dev-orders', partition: 2, deliveryTimeoutMs: 30_000 };

describe('publishError', () => {
  it('reports a partition without a leader, and how long producing is retried', () => {
    const error = publishError(brokerError('LEADER_NOT_AVAILABLE'), attempt);
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(error.message).toBe(
      'Topic dev-orders: partition 2 has no leader (LEADER_NOT_AVAILABLE). Producing to it is retried until deliveryTimeoutMs (30,000 ms); start the brokers that hold it',
    );
  });

  it('names no partition where the whole topic has none', () => {
    const error = publishError(brokerError('LEADER_NOT_AVAILABLE'), { ...attempt, partition: undefined });
    expect(error.message).toContain('Topic dev-orders: a partition has no leader');
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
    expect(publishError(error, attempt)).toBe(error);
  });
});
