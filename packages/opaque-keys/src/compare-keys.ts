import type { OpaqueKey } from './opaque-key.js';

/** Not looked up for each character: see `id-characters.ts`. */
const { charCodeAt } = String.prototype;

/**
 * Orders keys by their texts, in code-point order as Python orders strings: negative when `a` comes first, positive
 * when `b` does, 0 when the texts are the same. For `Array.prototype.sort`.
 */
export function compareKeys(a: OpaqueKey, b: OpaqueKey): number {
  const length = Math.min(a.text.length, b.text.length);
  for (let index = 0; index < length; index++) {
    const left = charCodeAt.call(a.text, index);
    const right = charCodeAt.call(b.text, index);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.text.length - b.text.length;
}

/** Puts surrogates, which stand for the code points above U+FFFF, after all other UTF-16 units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
