import type { RecordJson } from '@openedx-ts/events-avro';
import { parse, stringify } from 'lossless-json';

/** A text that is no JSON, or a value that JSON cannot say. The message never holds parts of either. */
export class JsonTextError extends Error {}

/**
 * JSON with exact integers: those beyond ±(2^53 - 1) become `bigint`.
 *
 * @throws JsonTextError
 */
export function parseJson(text: string): RecordJson {
  try {
    return parse(text, null, { parseNumber, onDuplicateKey }) as RecordJson;
  } catch (error) {
    if (error instanceof JsonTextError) throw error;
    // What the parser says quotes the text.
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    throw new JsonTextError(`no valid JSON${position === undefined ? '' : ` (at character ${position})`}`);
  }
}

/**
 * The opposite of `parseJson`, on one line.
 *
 * @throws JsonTextError for `NaN` and the infinities, naming their path
 */
export function jsonText(value: unknown): string {
  const unsayable = pathOfUnsayable(value, '');
  if (unsayable !== undefined) throw new JsonTextError(`${unsayable}: JSON has no NaN and no infinities`);
  return stringify(value, null, undefined, [negativeZero]) as string;
}

const negativeZero = { test: (value: unknown) => Object.is(value, -0), stringify: () => '-0' };

function parseNumber(text: string): number | bigint {
  const number = Number(text);
  if (/^-?\d+$/.test(text) && !Number.isSafeInteger(number)) return BigInt(text);
  if (!Number.isFinite(number)) throw new JsonTextError('a number is too large');
  return number;
}

function onDuplicateKey({ position }: { readonly position: number }): never {
  throw new JsonTextError(`one object has a key twice (at character ${position})`);
}

function pathOfUnsayable(value: unknown, path: string): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const found = pathOfUnsayable(item, path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
