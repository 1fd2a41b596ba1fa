/** A text for the terminal: what is in headers may be anybody's, and must not steer it. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
