import { afterEach, describe, expect, it } from 'vitest';
import { InvalidOptionsError } from '../errors/configuration-errors.js';
import { defineUserSignal } from './fixtures.test-support.js';
import type { ReceiverPolicy } from './receiver-policy.js';
import { snapshotSignals } from './registry.js';

afterEach(snapshotSignals());

describe('ConnectOptions.policy', () => {
  it('is checked when the receiver is connected, and names it', () => {
    const signal = defineUserSignal();
    const policy = { onFailure: 'ignore', maxAttempts: -1 } as unknown as ReceiverPolicy;
    expect(() => signal.connect(() => {}, { name: 'mailer', policy })).toThrow(InvalidOptionsError);
    expect(() => signal.connect(() => {}, { name: 'mailer', policy })).toThrow(
      `policy of receiver mailer of ${signal.eventType}: maxAttempts: must be a whole number, 1 or more; onFailure: must be`,
    );
    expect(signal.receivers).toEqual([]);
  });

  it.each([null, 'drop', 5, false, []])('refuses %j, which is no policy', (policy) => {
    const signal = defineUserSignal();
    const options = { name: 'mailer', policy: policy as unknown as ReceiverPolicy };
    expect(() => signal.connect(() => {}, options)).toThrow('must be an object');
    expect(signal.receivers).toEqual([]);
  });

  it('may be left open, in whole or in part', () => {
    const signal = defineUserSignal();
    signal.connect(() => {}, { name: 'a', policy: undefined as unknown as ReceiverPolicy });
    signal.connect(() => {}, { name: 'b', policy: {} });
    signal.connect(() => {}, { name: 'c', policy: { maxAttempts: 1, onFailure: undefined } });
    expect(signal.receivers).toEqual(['a', 'b', 'c']);
  });

  it('does not matter in process, where a failure is a result', async () => {
    const signal = defineUserSignal();
    let runs = 0;
    signal.connect(
      () => {
        runs += 1;
        throw new Error('broken');
      },
      { name: 'mailer', policy: { maxAttempts: 5 } },
    );
    const data = { user: { id: 1, is_active: true, pii: { username: 'ada' } } };
    expect(await signal.sendEvent(data)).toMatchObject([{ receiver: 'mailer', status: 'rejected' }]);
    expect(runs).toBe(1);
  });
});
