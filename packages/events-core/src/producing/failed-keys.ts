import type { Message } from '../wire/message.js';

/**
 * The keys of messages that one `publish` did not write. A bus returns `{ notAttempted: true }` for later messages of such
 * a key, so that none is stored before one that was sent earlier.
 */
export class FailedKeys {
  readonly #keys = new Set<string>();

  /** Notes that a message was not written. */
  add(message: Message): void {
    const key = keyOf(message);
    if (key !== undefined) this.#keys.add(key);
  }

  /** Whether a message must not be written, because an earlier one of its key was not. */
  has(message: Message): boolean {
    if (this.#keys.size === 0) return false;
    const key = keyOf(message);
    return key !== undefined && this.#keys.has(key);
  }
}

/** The key of a message as text; undefined when it has none, and so no order. */
export function keyOf({ key }: Message): string | undefined {
  if (key === null || key.byteLength === 0) return undefined;
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}
