import type { AvscType } from './avsc.js';

/** A buffer that values are written into before they are copied out: faster than to measure first. */
export class ScratchBuffer {
  #buffer: Buffer | null = Buffer.allocUnsafeSlow(4096);

  /** Writes a value; the bytes are the caller's own. */
  write(type: AvscType, value: unknown): Uint8Array {
    // While it is in use it is not here, so that a custom type may encode inside `toWire`.
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
      this.#buffer = buffer.length <= KEPT ? buffer : Buffer.allocUnsafeSlow(4096);
    }
  }
}

/** A buffer that grew beyond this is not kept. */
const KEPT = 262_144;
