import type { RecordJson } from '@openedx-ts/events-avro';
import { parse, stringify } from 'lossless-json';

/** A text that is not valid JSON, or a value that JSON does not have. The message contains no part of it. */
export class JsonTextError extends Error {}

/**
 * Parses JSON with exact integers: those beyond ±(2^53 - 1) become `bigint`.
 *
 * @throws JsonTextError
 */
export function parseJson(text: string): RecordJson {
  try {
    return parse(text, null, { parseNumber, onDuplicateKey }) as RecordJson;
  } catch (error) {
    if (error instanceof JsonTextError) throw error;
    // The message of the parser quotes the text.
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    throw new JsonTextError(`not valid JSON${position === undefined ? '' : ` (at character ${position})`}`);
  }
}

/**
 * Formats a value as JSON on one line, the opposite of `parseJson`. Characters that are not printable, or change the
 * direction of text, are escaped in it, so that a line on a terminal shows what it is.
 *
 * @throws JsonTextError for `NaN` and the infinities, naming their path
 */
export function jsonText(value: unknown): string {
  const invalid = pathOfNonFinite(value, '');
  if (invalid !== undefined)
    throw new JsonTextError(`${invalid}: a number is NaN or infinite, which JSON does not have`);
  return (stringify(value, null, undefined, [negativeZero]) as string).replace(unprintable, escaped);
}

/** Outside of texts, JSON on one line has none of them. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

const negativeZero = { test: (value: unknown) => Object.is(value, -0), stringify: () => '-0' };

function parseNumber(text: string): number | bigint {
  const number = Number(text);
  if (/^-?\d+$/.test(text) && !Number.isSafeInteger(number)) return BigInt(text);
  if (!Number.isFinite(number)) throw new JsonTextError('a number is too large');
  return number;
}

function onDuplicateKey({ position }: { readonly position: number }): never {
  throw new JsonTextError(`an object has a key twice (at character ${position})`);
}

function pathOfNonFinite(value: unknown, path: string): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const found = pathOfNonFinite(item, path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
