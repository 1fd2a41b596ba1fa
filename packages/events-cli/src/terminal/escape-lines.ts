/**
 * Escapes what is not printable in a text of several lines, such as the stack of an error or help, as `escapeUnprintable`
 * of core does in one line. It loads nothing, because help must be quick.
 */
export function escapeLines(text: string): string {
  return text.replace(unprintable, (character) =>
    character === '\n' ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
