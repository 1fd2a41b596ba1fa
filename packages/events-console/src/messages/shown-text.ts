import { escapeUnprintable } from '@openedx-ts/events-core/bus';

/** A text that anybody may have written, for a page: cut, and with escapes for what is not printable. Null stays null. */
export function shownText(text: string | null | undefined, maxLength = 1_000): string | null {
  if (text === null || text === undefined) return null;
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}… (${text.length} characters)` : text;
  return escapeUnprintable(cut);
}
