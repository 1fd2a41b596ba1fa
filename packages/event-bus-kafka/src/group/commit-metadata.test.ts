import { describe, expect, it } from 'vitest';
import { formatCommitMetadata, parseCommitMetadata } from './commit-metadata.js';

describe('the metadata of a commit', () => {
  it('is read as it was written', () => {
    const text = formatCommitMetadata({ deliveries: 2, through: 94 }, 90);
    expect(text).toBe('openedx/1 deliveries=2 through=94');
    expect(parseCommitMetadata(text, 90, 10)).toStrictEqual({ deliveries: 2, through: 94 });
  });

  it('may carry keys of later versions', () => {
    const text = 'openedx/1 topic=AQIDBAUGBwgJCgsMDQ4PEA deliveries=2 through=94';
    expect(parseCommitMetadata(text, 90, 10)).toStrictEqual({ deliveries: 2, through: 94 });
  });

  it('never claims more offsets than are read', () => {
    const text = formatCommitMetadata({ deliveries: 1, through: 5_000_000 }, 10);
    expect(parseCommitMetadata(text, 10, 10)).toStrictEqual({ deliveries: 1, through: 1_000_010 });
  });

  it.each([
    null,
    '',
    'something else',
    'openedx/2 deliveries=2 through=94',
    'openedx/1',
    'openedx/1 deliveries=2',
    'openedx/1 deliveries=0 through=94',
    'openedx/1 deliveries=11 through=94',
    'openedx/1 deliveries=1e9 through=94',
    'openedx/1 deliveries=-1 through=94',
    'openedx/1 deliveries=2 deliveries=3 through=94',
    'openedx/1 deliveries=2 through=89',
    'openedx/1 deliveries=2 through=1000091',
    `openedx/1 deliveries=2 through=94 ${'x'.repeat(500)}`,
  ])('counts as nothing when this package cannot have written it: %s', (text) => {
    expect(parseCommitMetadata(text, 90, 10)).toBeUndefined();
  });
});
