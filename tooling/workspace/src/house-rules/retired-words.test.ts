import { describe, expect, it } from 'vitest';
import { repositoryFiles } from './repository-files.mjs';
import { retiredWordsInRepository } from './retired-words-in-repository.mjs';

describe('names and texts of the repository', () => {
  it('use the words of the field (CONTRIBUTING.md), and none of the retired ones', {
    timeout: 240_000,
  }, () => {
    expect(repositoryFiles().length).toBeGreaterThan(1_000);
    expect(retiredWordsInRepository()).toEqual([]);
  });
});
