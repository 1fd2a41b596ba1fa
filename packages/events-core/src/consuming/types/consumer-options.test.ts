import { describe, expect, it } from 'vitest';
import { InvalidOptionsError } from '../../errors/configuration-errors.js';
import { DateTime } from '../../shapes/date-time.js';
import type { ConsumerOptions } from './consumer-options.js';
import { resolvedOptions } from './deliveries.test-support.js';

describe('consumerOptionRules', () => {
  it('have the defaults that the documentation promises', () => {
    expect(resolvedOptions()).toEqual({
      topics: ['counts'],
      groupId: 'g',
      topicPrefix: undefined,
      codec: undefined,
      startFrom: 'resume',
      onFailure: 'dead-letter',
      unknownType: 'skip',
      maxAttempts: 5,
      initialBackoffMs: 100,
      maxBackoffMs: 10_000,
      ackEvery: 100,
      maxBufferedEvents: 400,
      maxBufferedBytes: 33_554_432,
      maxUnacknowledgedEvents: 20_000,
      drainTimeoutMs: 20_000,
      enabled: true,
      concurrency: 1,
      maxDeliveries: 10,
      policies: {},
      receiverTimeoutMs: 300_000,
      maxConsecutiveFailures: Number.POSITIVE_INFINITY,
      auditLog: false,
    });
  });

  it.each<Partial<ConsumerOptions>>([
    { startFrom: 'earliest' },
    { startFrom: 'resume' },
    { startFrom: { time: new Date(0) } },
    { startFrom: { time: DateTime.parse('2026-01-02T03:04:05Z') } },
    { startFrom: { position: '1718-0' } },
    { maxAttempts: Number.POSITIVE_INFINITY },
    { drainTimeoutMs: 0 },
    { topics: ['a', 'b'] },
  ])('take %o', (options) => {
    expect(resolvedOptions(options)).toMatchObject(options);
  });

  it.each([
    ['topics', []],
    ['topics', ['']],
    ['topics', 'counts'],
    ['topics', ['a', 'b', 'a']],
    ['groupId', ''],
    ['startFrom', 'beginning'],
    ['startFrom', 'latest'],
    ['startFrom', null],
    ['startFrom', { time: new Date(Number.NaN) }],
    ['startFrom', { time: 'yesterday' }],
    ['startFrom', { time: DateTime.parse('2026-01-02T03:04:05') }],
    ['startFrom', { position: '' }],
    ['startFrom', { position: 5 }],
    ['startFrom', { time: new Date(0), position: '1' }],
    ['startFrom', {}],
    ['onFailure', 'ignore'],
    ['unknownType', 'drop'],
    ['maxAttempts', 0],
    ['ackEvery', 0],
    ['maxBufferedEvents', 1.5],
    ['maxBufferedBytes', 0],
    ['maxUnacknowledgedEvents', 0],
    ['drainTimeoutMs', -1],
    ['groupid', 'x'],
  ])('refuse %s %j', (option, value) => {
    expect(() => resolvedOptions({ [option]: value })).toThrow(InvalidOptionsError);
  });
});
