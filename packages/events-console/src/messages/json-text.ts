import { stringify } from 'lossless-json';

/**
 * A value as JSON on several lines, with exact integers. Characters that are not printable or change the direction of text
 * are escaped, so that it is shown as it is. `NaN` and the infinities, which JSON does not have, become texts.
 */
export function jsonText(value: unknown, indent: number | undefined = 2): string {
  const text = stringify(value, finite, indent) ?? 'null';
  return text.replace(unprintable, escaped);
}

function finite(_name: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

/** Line breaks stand between the lines of the JSON; within texts they are escaped already. */
const unprintable = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
