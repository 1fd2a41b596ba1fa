import type { Message } from './message.js';

/** Returns the size of a message in bytes: its key, its value, and the names and values of its headers. */
export function messageBytes({ key, value, headers }: Message): number {
  let bytes = (key?.byteLength ?? 0) + (value?.byteLength ?? 0);
  for (const [name, header] of headers) bytes += name.length + (header?.byteLength ?? 0);
  return bytes;
}
