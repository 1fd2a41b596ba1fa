/** Phrases for which engineers of Kafka, Redis and Node have a plainer word. Matched without regard to case. */
const retired = [
  /\bin hand\b/,
  /\b(?:is|was|are|were) away\b/,
  /\bin good order\b/,
  /\bshared out\b/,
  /\bbegun\b/,
  /\b(?:gives?|given|gave) up\b/,
  /\btroubles?\b/,
  /\bcareful turns?\b/,
  /\blet off\b/,
  /(?<!\bdead )\bletters\b/,
];

const anyRetired = new RegExp(retired.map(({ source }) => source).join('|'), 'gi');

/**
 * The retired words of a text, also where they are part of a name (`inHand`, `is-away.ts`) or wrap to the next line.
 *
 * @param {string} text
 * @returns {{ line: number, word: string }[]} in the order of the text; lines count from 1
 */
export function findRetiredWords(text) {
  const starts = /** @type {number[]} */ ([]);
  let words = '';
  for (const line of text.split('\n')) {
    starts.push(words.length);
    words += `${wordsOf(line)} `;
  }
  return [...words.matchAll(anyRetired)].map(({ 0: word, index }) => ({
    line: starts.findLastIndex((start) => start <= index) + 1,
    word,
  }));
}

/**
 * A line of code or prose as words with one space between: without the mark of a comment, names taken apart.
 * @param {string} line
 */
function wordsOf(line) {
  return line
    .replace(/^\s*(?:\/\*\*?|\*|\/\/|#|>|--)\s/, '')
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ')
    .replace(/[\s_*`-]+/g, ' ')
    .trim();
}
