import { describe, expect, it } from 'vitest';
import { breakingChanges } from './breaking-changes.test-support.js';
import { harmlessChanges } from './harmless-changes.test-support.js';
import { seededChanges } from './seeded-changes.test-support.js';
import { breaksOf, seededVerdicts } from './seeded-verdicts.test-support.js';

const breaks = breaksOf(await seededVerdicts());

describe('schema check judges a seeded change', () => {
  it('of which 20 break somebody and 20 nobody', () => {
    expect([breakingChanges.length, harmlessChanges.length]).toEqual([20, 20]);
  });

  it.each(seededChanges)('rightly: $name', ({ name, breaks: expected }) => {
    expect(breaks.get(name)).toEqual([...expected].sort());
  });
});
