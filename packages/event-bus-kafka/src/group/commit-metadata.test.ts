import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCommitMetadata, MAX_METADATA_LENGTH, parseCommitMetadata } from './commit-metadata.js';
import { HandledAhead } from './handled-ahead.js';

const topicId = 'AQIDBAUGBwgJCgsMDQ4PEA';
const handledAhead = HandledAhead.none.add(new Set([92, 93, 95]), [90, 92, 93, 94, 95]);
const nothing = { topicId: undefined, counts: undefined, handledAhead: HandledAhead.none };

describe('the metadata of a commit', () => {
  it('is read as it was written', () => {
    const metadata = { topicId, counts: { deliveries: 2, through: 94 }, handledAhead };
    const text = formatCommitMetadata(metadata, 90);
    expect(text).toBe(`openedx/1 topic=${topicId} deliveries=2 through=94 handled=AgIBAQ`);
    expect(parseCommitMetadata(text, 90, 10)).toStrictEqual(metadata);
    expect(formatCommitMetadata(nothing, 90)).toBeNull();
  });

  it('may carry keys of later versions, and lack those of later ones', () => {
    const text = `openedx/1 epoch-2=7 deliveries=2 through=94`;
    const counts = { deliveries: 2, through: 94 };
    expect(parseCommitMetadata(text, 90, 10)).toStrictEqual({ ...nothing, counts });
    expect(parseCommitMetadata(`openedx/1 topic=${topicId}`, 90, 10)).toStrictEqual({ ...nothing, topicId });
  });

  it('never claims more offsets than are read', () => {
    const counts = { deliveries: 1, through: 5_000_000 };
    const text = formatCommitMetadata({ ...nothing, counts }, 10);
    expect(parseCommitMetadata(text, 10, 10)?.counts).toStrictEqual({ deliveries: 1, through: 1_000_010 });
  });

  it('keeps of what was handled as much as fits', () => {
    const offsets = Array.from({ length: 20_000 }, (_, index) => index);
    const all = HandledAhead.none.add(new Set(offsets.filter((offset) => offset % 2 === 1)), offsets);
    const text = formatCommitMetadata({ ...nothing, topicId, handledAhead: all }, 0) as string;
    expect(text.length).toBeLessThanOrEqual(MAX_METADATA_LENGTH);
    const read = parseCommitMetadata(text, 0, 10)?.handledAhead as HandledAhead;
    expect(offsets.filter((offset) => read.has(offset)).length).toBeGreaterThan(1_400);
    expect(offsets.every((offset) => !read.has(offset) || all.has(offset))).toBe(true);
    const short = formatCommitMetadata({ ...nothing, topicId, handledAhead: all }, 0, 200) as string;
    expect(short.length).toBeLessThanOrEqual(200);
    expect(parseCommitMetadata(short, 0, 10)?.handledAhead.isEmpty).toBe(false);
  });

  it.each([
    null,
    '',
    'something else',
    'openedx/2 deliveries=2 through=94',
    'openedx/1',
    'openedx/1 deliveries=2',
    'openedx/1 through=94',
    'openedx/1 deliveries=0 through=94',
    'openedx/1 deliveries=02 through=94',
    'openedx/1 deliveries=11 through=94',
    'openedx/1 deliveries=1e9 through=94',
    'openedx/1 deliveries=-1 through=94',
    'openedx/1 deliveries=2 deliveries=3 through=94',
    'openedx/1 deliveries=2 through=89',
    'openedx/1 deliveries=2 through=1000091',
    'openedx/1 deliveries=2  through=94',
    'openedx/1 deliveries=2 through=94 ',
    'openedx/1 deliveries=2 through=94 rest',
    `openedx/1 deliveries=2 through=94 ${'x'.repeat(500)}`,
    `openedx/1 x=${'x'.repeat(4_000)}`,
    'openedx/1 topic=short',
    `openedx/1 topic=${topicId}A`,
    `openedx/1 topic=${topicId} topic=${topicId}`,
    `openedx/1 topic=${topicId} handled=`,
    'openedx/1 handled=AA',
    'openedx/1 handled=AAE', // nothing before the first
    'openedx/1 handled=AgIB', // cut off
    'openedx/1 handled=gQAB', // a number that is longer than it must be
    'openedx/1 handled=_____w8B', // far beyond what can be in flight
    'openedx/1 handled=Ag IC',
    'openedx/1 handled=AgIBAQ==',
  ])('counts as nothing when this package cannot have written it: %s', (text) => {
    expect(parseCommitMetadata(text, 90, 10)).toBeUndefined();
  });

  it('that was changed anywhere is ignored, or is what this package could have written', () => {
    const offsets = fc.nat(1_000_000_000);
    const forged = fc.record({
      offset: offsets,
      runs: fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 40 }),
      deliveries: fc.integer({ min: 1, max: 10 }),
      at: fc.nat(200),
      put: fc.string({ unit: 'grapheme-ascii', maxLength: 4 }),
      cut: fc.nat(4),
    });
    fc.assert(
      fc.property(forged, ({ offset, runs, deliveries, at, put, cut }) => {
        let next = offset;
        const yielded = runs.map((run) => {
          next += run;
          return next;
        });
        const some = new Set(yielded.filter((_, index) => index % 3 !== 0));
        const text = formatCommitMetadata(
          {
            topicId,
            counts: { deliveries, through: offset + 5 },
            handledAhead: HandledAhead.none.add(some, yielded),
          },
          offset,
        ) as string;
        const changed = text.slice(0, at) + put + text.slice(at + cut);
        const read = parseCommitMetadata(changed, offset, 10);
        if (read === undefined) return;
        const { counts, handledAhead: ahead } = read;
        expect(counts === undefined || (counts.deliveries <= 10 && counts.through >= offset)).toBe(true);
        expect(ahead.has(offset)).toBe(false);
        expect(ahead.end).toBeLessThanOrEqual(offset + 1_000_000);
        const again = formatCommitMetadata(read, offset);
        expect(parseCommitMetadata(again, offset, 10) ?? { ...nothing }).toStrictEqual(read);
      }),
      { numRuns: 2_000 },
    );
  });
});
