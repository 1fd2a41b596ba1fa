/**
 * A pattern that finds texts in either case, the longest first; undefined when there are none. Texts of up to
 * `maxWordLength` characters are part of too many words: they are found only where they stand alone.
 */
export function patternOfTexts(texts: readonly string[], maxWordLength: number): RegExp | undefined {
  if (texts.length === 0) return undefined;
  const longestFirst = [...texts].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map((text) => source(text, maxWordLength)).join('|'), 'giu');
}

function source(text: string, maxWordLength: number): string {
  const exact = text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return text.length <= maxWordLength ? `(?<![\\p{L}\\p{N}])${exact}(?![\\p{L}\\p{N}])` : exact;
}
