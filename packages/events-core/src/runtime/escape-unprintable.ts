/**
 * Escapes what a text could use to pretend to be another line, colour or order of characters: control and format
 * characters, line and paragraph separators, and lone surrogates (Unicode Cc, Cf, Zl, Zp, Cs), each as `\u{…}`.
 */
export function escapeUnprintable(text: string): string {
  return text.replace(unprintable, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
