import type { Message } from './message.js';
import { messageBytes } from './message-bytes.js';

/**
 * The memory in bytes that a message takes while it is kept, for limits of buffers: its size, and what each header takes
 * besides its text. Others choose how many headers a message has, and an empty one has no text.
 */
export function bufferedBytes(message: Message): number {
  return messageBytes(message) + HEADER_BYTES * message.headers.length;
}

/** A pair and a view of bytes on the heap of V8. */
const HEADER_BYTES = 64;
