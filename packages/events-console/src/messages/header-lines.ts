import type { Header } from '@openedx-ts/events-core/bus';
import type { HeaderLine } from '../answers/event-answer.js';
import { MASK } from './mask.js';
import { shownText } from './shown-text.js';

/**
 * The headers of a message as text, the first hundred. Without `unmask`, the values of headers that this project does not
 * know are hidden, and with them the key that Redis has in a header: nobody declared that they name no person.
 *
 * @param masked masks the personal values of the event in a text
 */
export function headerLines(
  headers: readonly Header[],
  unmask: boolean,
  masked: (text: string) => string,
): readonly HeaderLine[] {
  return headers.slice(0, MAX_HEADERS).map(([fullName, bytes]) => {
    const name = shownText(fullName, MAX_NAME) ?? '';
    const isMasked = !unmask && bytes !== null && !isKnown(fullName);
    return { name, value: bytes === null ? null : isMasked ? MASK : textOf(bytes, masked), isMasked };
  });
}

/** The text of the first header of that name; null when there is none, or its bytes are no text. */
export function headerText(headers: readonly Header[], name: string): string | null {
  const bytes = headers.find(([found]) => found === name)?.[1];
  if (bytes === null || bytes === undefined) return null;
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

function textOf(bytes: Uint8Array, masked: (text: string) => string): string {
  try {
    return shownText(masked(utf8.decode(bytes))) ?? '';
  } catch {
    return `(${bytes.length} bytes)`;
  }
}

/** Whether a header holds facts about the event, and nothing of its data. */
function isKnown(name: string): boolean {
  return KNOWN.has(name) || name.startsWith('dlq-');
}

const KNOWN = new Set([
  ...['ce_type', 'ce_id', 'ce_source', 'ce_time', 'ce_minorversion', 'ce_specversion', 'content-type'],
  ...['ce_datacontenttype', 'sourcehost', 'sourcelib', 'type', 'id', 'source', 'time', 'minorversion'],
  ...[
    'traceparent',
    'tracestate',
    'schema_fp',
    'ce_correlationid',
    'ce_causationid',
    'correlationid',
    'causationid',
  ],
]);
const MAX_HEADERS = 100;
const MAX_NAME = 200;
const utf8 = new TextDecoder('utf-8', { fatal: true });
