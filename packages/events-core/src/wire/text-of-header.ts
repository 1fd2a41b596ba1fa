import { textOf } from './header-text.js';
import type { Header } from './message.js';

/** Returns the text of the first header of a name; undefined when there is none, or its value is null or no UTF-8. */
export function textOfHeader(headers: readonly Header[], name: string): string | undefined {
  return textOf(headers.find(([found]) => found === name)?.[1]);
}
