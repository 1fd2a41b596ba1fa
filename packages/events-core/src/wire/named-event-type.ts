import { fields } from './header-fields.js';
import { textOf } from './header-text.js';
import type { HeaderNaming } from './headers.js';
import type { Header } from './message.js';

/**
 * The event type that the headers of a message name, whether it is known here or not: at most 200 characters, empty where
 * there is none. For messages that cannot be decoded.
 */
export function namedEventType(headers: readonly Header[], naming: HeaderNaming): string {
  const wanted = fields.eventType[naming];
  const [, bytes] = headers.find(([name]) => name === wanted) ?? [];
  return textOf(bytes?.subarray(0, MAX_LENGTH)) ?? '';
}

const MAX_LENGTH = 200;
