import { endOfJsonString } from './end-of-json-string.js';
import { InvalidJsonError } from './invalid-json-error.js';

/**
 * Refuses numbers of a JSON text that `JSON.parse` would change: integers that a number cannot hold exactly, as Python
 * writes them, and what is too large for a number, which it reads as an infinity.
 *
 * @param text valid JSON
 * @throws InvalidJsonError
 */
export function checkJsonNumbers(text: string): void {
  if (!MAY_BE_CHANGED.test(text)) return; // most texts, at little cost
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') at = endOfJsonString(text, at);
    NUMBER.lastIndex = at;
    const literal = NUMBER.exec(text)?.[0];
    if (literal === undefined) continue;
    if (!isKept(literal)) throw new InvalidJsonError({ path: '', message: CHANGED });
    at += literal.length - 1;
  }
}

function isKept(literal: string): boolean {
  const value = Number(literal);
  if (!Number.isFinite(value)) return false;
  const isInteger = /^-?\d+$/.test(literal);
  // What JavaScript writes for a number above 2^53 stands for that number, and has zeros in place of its last digits.
  return !isInteger || String(value) === literal || BigInt(literal) === BigInt(value);
}

/** 16 digits in a row, or an exponent of three. */
const MAY_BE_CHANGED = /\d{16}|[eE]\+?\d{3}/;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const CHANGED =
  'JSON with a number that JavaScript cannot hold exactly: declare the field as string() to read it by other means';
