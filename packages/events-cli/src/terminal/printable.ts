/** Replaces control characters, so that text from the broker cannot send escape sequences to the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
