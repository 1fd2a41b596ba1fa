import { describe, expect, it } from 'vitest';
import { RedisReplyError } from '../driver/redis-reply-error.js';
import { replicatedOutcomes, waitCommands, waitMs } from './replicated.js';

const acceptedBy = { replicas: 2, timeoutMs: 50 };
const refused = { error: new Error('OOM') };
const outcomes = [{ position: '1-0' }, refused];
const settle = (reply: number | RedisReplyError) => replicatedOutcomes('orders', acceptedBy, outcomes, reply);

describe('acceptedBy', () => {
  it('sends one WAIT a write, and none for the primary alone', () => {
    expect(waitCommands(acceptedBy)).toEqual([['WAIT', '2', '50']]);
    expect(waitCommands({ replicas: 1 })).toEqual([['WAIT', '1', '1000']]);
    expect([waitCommands('primary'), waitMs('primary')]).toEqual([[], 0]);
  });

  it('leaves outcomes as they are when enough replicas have the events', () => {
    expect(settle(2)).toBe(outcomes);
    expect(replicatedOutcomes('orders', 'primary', outcomes, undefined)).toBe(outcomes);
  });

  it('makes accepted events unknown when too few have them, and leaves refused ones', () => {
    const [first, second] = settle(1);
    expect(first).toMatchObject({ error: { outcome: 'unknown', retryable: false } });
    expect(second).toBe(refused);
  });

  it('names a missing right to wait', () => {
    const [first] = settle(new RedisReplyError('NOPERM this user may not run WAIT', ['WAIT', '2', '50']));
    expect(first).toMatchObject({
      error: {
        outcome: 'unknown',
        message: expect.stringContaining('it cannot wait for 2 replicas (acceptedBy): Redis refuses WAIT'),
        cause: { code: 'EVENT_BUS_REDIS_ACCESS' },
      },
    });
  });
});
