import type { AvscType } from './avsc.js';

/** A reused buffer into which values are written before they are copied: faster than measuring them first. */
export class ScratchBuffer {
  #buffer: Buffer | null = Buffer.allocUnsafeSlow(4096);

  /** Writes a value and returns a copy of its bytes. */
  write(type: AvscType, value: unknown): Uint8Array {
    // The buffer is removed while in use, so that a custom type may encode inside `toWire`.
    let buffer = this.#buffer ?? Buffer.allocUnsafeSlow(4096);
    this.#buffer = null;
    try {
      let end = type.encode(value, buffer, 0);
      if (end < 0) {
        buffer = Buffer.allocUnsafeSlow(buffer.length - end);
        end = type.encode(value, buffer, 0);
      }
      const bytes = Buffer.allocUnsafe(end);
      buffer.copy(bytes, 0, 0, end);
      return bytes;
    } finally {
      this.#buffer = buffer.length <= MAX_KEPT_SIZE ? buffer : Buffer.allocUnsafeSlow(4096);
    }
  }
}

/** A buffer larger than this, in bytes, is not kept. */
const MAX_KEPT_SIZE = 262_144;
