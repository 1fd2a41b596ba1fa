import { inspect } from 'node:util';
import type { DataMatcher, Mismatch } from './match-data.js';

/** The candidate that differs least from what was expected, in words; the empty text when there is no candidate. */
export function describeNearest(
  candidates: readonly { readonly data: unknown }[],
  matcher: DataMatcher,
): string {
  const nearest = candidates
    .map(({ data }, index) => ({ number: index + 1, mismatches: matcher(data) }))
    .sort((a, b) => a.mismatches.length - b.mismatches.length)[0];
  if (nearest === undefined) return '';
  const { number, mismatches } = nearest;
  return `\n\nthe nearest is number ${number}; it differs in ${mismatches.length} place(s):${mismatches.map(describe).join('')}`;
}

function describe({ path, expected, received }: Mismatch): string {
  return `\n  ${path}\n    expected ${show(expected)}\n    received ${show(received)}`;
}

function show(value: unknown): string {
  return inspect(value, { depth: 5, breakLength: 100, maxStringLength: 300 }).replaceAll(
    '\n',
    '\n             ',
  );
}
