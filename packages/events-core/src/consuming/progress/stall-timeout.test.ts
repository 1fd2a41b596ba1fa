import { describe, expect, it } from 'vitest';
import type { ConsumerOptions } from '../types/consumer-options.js';
import { resolvedOptions } from '../types/deliveries.test-support.js';
import { stallTimeoutOf } from './stall-timeout.js';

const timeoutOf = (options: Partial<ConsumerOptions>) => stallTimeoutOf(resolvedOptions(options));

describe('stallTimeoutOf', () => {
  it.each<[Partial<ConsumerOptions>, number]>([
    [{}, 360_000],
    [{ receiverTimeoutMs: 5_000 }, 65_000],
    [{ receiverTimeoutMs: 5_000, exclusiveTimeoutMs: 300_000 }, 360_000],
    [{ receiverTimeoutMs: Infinity }, 360_000],
    [{ receiverTimeoutMs: Infinity, stallTimeoutMs: 1_000 }, 1_000],
    [{ stallTimeoutMs: 300_001 }, 300_001],
    [{ stallTimeoutMs: Infinity }, Infinity],
  ])('is more than what receivers and exclusive events may take: %j', (options, expected) => {
    expect(timeoutOf(options)).toBe(expected);
  });

  it.each<Partial<ConsumerOptions>>([
    { stallTimeoutMs: 300_000 },
    { receiverTimeoutMs: 5_000, stallTimeoutMs: 4_000 },
    { receiverTimeoutMs: 5_000, exclusiveTimeoutMs: 10_000, stallTimeoutMs: 9_000 },
  ])('refuses a time in which a receiver may still run: %j', (options) => {
    expect(() => timeoutOf(options)).toThrow(/stallTimeoutMs: must be more than \d+, the greater of/);
  });

  it.each([0, -1, '5', Number.NaN])('refuses %s', (stallTimeoutMs) => {
    expect(() => timeoutOf({ stallTimeoutMs: stallTimeoutMs as number })).toThrow(
      /stallTimeoutMs: must be a number/,
    );
  });
});
