import { isWellFormed } from '../schema/is-well-formed.js';
import { type AvscResolver, type AvscType, OwnType, type Tap } from './avsc.js';
import { readState } from './read-state.js';

/**
 * Calls without a lookup: once any package extends `String`, as ioredis does, V8 keeps `String.prototype` as a hash table,
 * and `text.charCodeAt()` is no longer compiled into its caller, which makes encoding three times slower.
 */
const { charCodeAt, slice } = String.prototype;

/**
 * Text. Replaces avsc's type, which writes lone surrogates as bytes that are not valid UTF-8 and calls the engine for
 * every text. Here a small ASCII record is decoded as one string, and every text field is a slice of it.
 */
export class TextType extends OwnType {
  override readonly typeName = 'own:text';

  override _read(tap: Tap): string {
    const length = tap.readLong();
    const start = tap.pos;
    const end = start + length;
    tap.pos = end;
    return readState.ascii === null
      ? tap.buf.toString('utf8', start, end)
      : slice.call(readState.ascii, start, end);
  }

  override _write(tap: Tap, value: unknown): void {
    if (typeof value !== 'string') throw new TypeError('expected text');
    if (value.length < 64 && writeAscii(tap, value)) return;
    if (!isWellFormed(value)) throw new TypeError('the text has a lone surrogate');
    writeUtf8(tap, value);
  }

  override _copy(value: unknown): unknown {
    return value;
  }

  /** Bytes have the same wire form as text; the scan has checked that they are UTF-8. */
  override _update(resolver: AvscResolver, writer: AvscType): void {
    if (writer.typeName === 'string' || writer.typeName === 'bytes')
      resolver._read = (tap) => this._read(tap);
  }
}

function writeUtf8(tap: Tap, text: string): void {
  const length = Buffer.byteLength(text);
  tap.writeLong(length);
  const start = tap.pos;
  tap.pos = start + length;
  if (tap.pos <= tap.buf.length) tap.buf.write(text, start, length);
}

/** Writes text of less than 64 characters if it is ASCII, else returns false and leaves the position unchanged. */
function writeAscii(tap: Tap, text: string): boolean {
  const { buf, pos } = tap;
  const { length } = text;
  for (let index = 0; index < length; index += 1) {
    const code = charCodeAt.call(text, index);
    if (code > 0x7f) return false;
    buf[pos + 1 + index] = code;
  }
  buf[pos] = length << 1;
  tap.pos = pos + 1 + length;
  return true;
}
