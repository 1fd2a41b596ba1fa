import { type AvscResolver, type AvscType, OwnType, type Tap } from './avsc.js';

/**
 * Integers of 64 bits. Replaces avsc's type, which computes with doubles: it refuses 2^53 - 1 and silently reads
 * -(2^52 + 1) as 2^52.
 */
export class LongType extends OwnType {
  override readonly typeName = 'own:long';
  readonly #acceptsBigInt: boolean;

  constructor(unsafeIntegers: 'refuse' | 'bigint') {
    super();
    this.#acceptsBigInt = unsafeIntegers === 'bigint';
  }

  /** Returns a number when that is exact, else a bigint; without `unsafeIntegers: 'bigint'` the scan refuses those. */
  override _read(tap: Tap): unknown {
    return readLong(tap);
  }

  override _write(tap: Tap, value: unknown): void {
    if (typeof value === 'number' && Number.isSafeInteger(value)) {
      if (value > -EXACT && value < EXACT) tap.writeLong(value);
      else writeBigInt(tap, BigInt(value));
    } else if (typeof value === 'bigint' && this.#acceptsBigInt && BigInt.asIntN(64, value) === value) {
      writeBigInt(tap, value);
    } else {
      throw new TypeError('expected an integer');
    }
  }

  override _copy(value: unknown): unknown {
    return value;
  }

  override _update(resolver: AvscResolver, writer: AvscType): void {
    if (writer.typeName === 'long' || writer.typeName === 'int') resolver._read = readLong;
  }
}

/** Reads an integer exactly: as a number if it is a safe integer, else as a bigint. */
export function readLong(tap: Tap): number | bigint {
  const start = tap.pos;
  const value = tap.readLong();
  if (value > -EXACT && value < EXACT) return value;
  let bits = 0n;
  let shift = 0n;
  for (let at = start; at < tap.pos; at += 1) {
    bits |= BigInt((tap.buf[at] as number) & 0x7f) << shift;
    shift += 7n;
  }
  const exact = (bits >> 1n) ^ -(bits & 1n);
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
}

function writeBigInt(tap: Tap, value: bigint): void {
  let bits = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  while (bits > 0x7fn) {
    tap.buf[tap.pos] = Number(bits & 0x7fn) | 0x80;
    tap.pos += 1;
    bits >>= 7n;
  }
  tap.buf[tap.pos] = Number(bits);
  tap.pos += 1;
}

/** Below this the zig-zag form of a number, whatever its sign, fits a double, so avsc's arithmetic is exact. */
const EXACT = 2 ** 52;
