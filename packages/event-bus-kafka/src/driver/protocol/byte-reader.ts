/** Reads Kafka's primitive types; never beyond the end of the bytes. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  moveTo(at: number): void {
    if (at < this.#at || at > this.#bytes.length) throw beyondEnd();
    this.#at = at;
  }

  skip(count: number): void {
    this.moveTo(this.#at + count);
  }

  int8(): number {
    return this.#bytes.readInt8(this.#take(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  /** As a number: offsets do not come near 2^53. */
  int64(): number {
    return Number(this.bigint64());
  }

  bigint64(): bigint {
    return this.#bytes.readBigInt64BE(this.#take(8));
  }

  /** An unsigned number of up to 32 bits, seven bits a byte. */
  uvarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.#take(1)] as number;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new RangeError('a number takes more than five bytes');
  }

  /** A zigzag number of up to 32 bits. */
  varint(): number {
    const value = this.uvarint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A zigzag number of up to 64 bits; inexact beyond 2 ** 52. */
  varlong(): number {
    let [value, factor] = [0, 1];
    for (let count = 0; count < 10; count += 1, factor *= 128) {
      const byte = this.#bytes[this.#take(1)] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    throw new RangeError('a number takes more than ten bytes');
  }

  /** So many bytes, without a copy; null for a negative count. */
  bytes(count: number): Buffer | null {
    if (count < 0) return null;
    const start = this.#take(count);
    return this.#bytes.subarray(start, start + count);
  }

  /** Passes over some bytes if they come next. @returns whether they do */
  skipIfNext(expected: Uint8Array): boolean {
    const start = this.#at;
    const { length } = expected;
    if (start + length > this.#bytes.length) return false;
    for (let index = 0; index < length; index += 1)
      if (this.#bytes[start + index] !== expected[index]) return false;
    this.#at = start + length;
    return true;
  }

  /** The bytes from a position to the present one, without a copy. */
  since(start: number): Buffer {
    return this.#bytes.subarray(start, this.#at);
  }

  text(count: number): string {
    if (count < 0) return '';
    const start = this.#take(count);
    return this.#bytes.toString('utf8', start, start + count);
  }

  #take(count: number): number {
    const start = this.#at;
    if (start + count > this.#bytes.length) throw beyondEnd();
    this.#at = start + count;
    return start;
  }
}

function beyondEnd(): RangeError {
  return new RangeError('the bytes end too early');
}
