import { describe, expect, it } from 'vitest';
import { findRetiredWords } from './find-retired-words.mjs';

const words = (text: string) => findRetiredWords(text).map(({ word }) => word);

describe('findRetiredWords', () => {
  it.for([
    'the batch in hand',
    'the broker was away',
    'Stops in good order.',
    'partitions that are shared out',
    'no event is begun',
    'an event that is given up',
    'it gives up after a minute',
    'it gave up',
    'trouble with the broker',
    'the troubles of a bus',
    'careful turns',
    'a test that is let off',
    'the letters of a topic',
  ])('finds the retired word of "%s"', (text) => {
    expect(words(text)).toHaveLength(1);
  });

  it.for([
    'const inHand = 1;',
    'if (this.#isAway) return;',
    "import './in-hand.js';",
    'function giveUp() {}',
    'lettersOf(topic)',
    'MAX_LETTERS',
    'CarefulTurns',
  ])('finds a retired word in the names of `%s`', (code) => {
    expect(words(code)).toHaveLength(1);
  });

  it('finds a phrase that wraps to the next line of a comment, and reports the line where it starts', () => {
    expect(findRetiredWords('/**\n * Events that are in\n * hand.\n */')).toEqual([
      { line: 2, word: 'in hand' },
    ]);
  });

  it('allows dead letters, also in names and across lines', () => {
    expect(words('dead letters, deadLetters, dead-letters.ts, DEAD_LETTERS, the dead\n// letters')).toEqual(
      [],
    );
  });

  it('allows words that only contain a retired one', () => {
    expect(words('troubleshooting, handing, beginning, gateway, given upstream')).toEqual([]);
  });
});
