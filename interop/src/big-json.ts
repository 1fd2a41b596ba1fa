import * as lossless from 'lossless-json';

/** Reads JSON; integers that a number cannot hold become `bigint`. */
export function parse(text: string): unknown {
  return lossless.parse(text, undefined, { parseNumber });
}

/** Writes JSON; a `bigint` as the integer it is. */
export function stringify(value: unknown): string {
  return lossless.stringify(value) ?? 'null';
}

function parseNumber(digits: string): number | bigint {
  const number = Number(digits);
  return !lossless.isInteger(digits) || Number.isSafeInteger(number) ? number : BigInt(digits);
}
