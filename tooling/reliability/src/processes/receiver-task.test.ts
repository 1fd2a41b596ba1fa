import { describe, expect, it } from 'vitest';
import { isHard } from './receiver-task.js';

describe('isHard', () => {
  it('takes every so manieth event, and neither the first nor the last', () => {
    const sequences = Array.from({ length: 5_000 }, (_, sequence) => sequence);
    const hard = sequences.filter((sequence) => isHard(sequence, { every: 100 }));
    expect(hard).toHaveLength(50);
    expect(hard[0]).toBe(50);
    expect(hard.at(-1)).toBe(4_950);
  });
});
