import { describe, expect, it } from 'vitest';
import { isHard } from './receiver-task.js';

describe('isHard', () => {
  it('chooses one event in every hundred, and neither the first nor the last', () => {
    const sequences = Array.from({ length: 5_000 }, (_, sequence) => sequence);
    const hard = sequences.filter((sequence) => isHard(sequence, { every: 100 }));
    expect(hard).toHaveLength(50);
    expect(hard[0]).toBe(50);
    expect(hard.at(-1)).toBe(4_950);
  });

  it('chooses as many one after another as it is asked to', () => {
    const sequences = Array.from({ length: 200 }, (_, sequence) => sequence);
    const hard = sequences.filter((sequence) => isHard(sequence, { every: 100, inARow: 2 }));
    expect(hard).toEqual([50, 51, 150, 151]);
  });
});
