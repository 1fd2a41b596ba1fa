import { type AvscResolver, type AvscType, OwnType, type Tap } from './avsc.js';

/**
 * Bytes as a `Uint8Array` with its own memory. Replaces avsc's type, which accepts and returns `Buffer`s that share
 * memory.
 */
export class BytesType extends OwnType {
  override readonly typeName = 'own:bytes';

  override _read(tap: Tap): Uint8Array {
    const length = tap.readLong();
    const start = tap.pos;
    tap.pos = start + length;
    const bytes = new Uint8Array(length);
    bytes.set(tap.buf.subarray(start, start + length));
    return bytes;
  }

  override _write(tap: Tap, value: unknown): void {
    if (!(value instanceof Uint8Array)) throw new TypeError('expected bytes');
    tap.writeLong(value.length);
    const start = tap.pos;
    tap.pos = start + value.length;
    if (tap.pos <= tap.buf.length) tap.buf.set(value, start);
  }

  override _copy(value: unknown): unknown {
    return value;
  }

  override _update(resolver: AvscResolver, writer: AvscType): void {
    if (writer.typeName === 'string' || writer.typeName === 'bytes')
      resolver._read = (tap) => this._read(tap);
  }
}
