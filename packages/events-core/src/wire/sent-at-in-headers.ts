import { fields } from './header-fields.js';
import type { HeaderNaming } from './headers.js';
import type { Header } from './message.js';
import { textOfHeader } from './text-of-header.js';

/** When a message was sent by its headers, in milliseconds since 1970; undefined where they do not carry a time. */
export function sentAtInHeaders(headers: readonly Header[], naming: HeaderNaming): number | undefined {
  const text = textOfHeader(headers, fields.time[naming]);
  const time = text === undefined ? undefined : fields.time.read(text);
  return time === undefined ? undefined : Number(time.epochMicroseconds / 1_000n);
}
