/**
 * Writes the body of a request. Flexible versions (KIP-482) have compact lengths and tagged fields; older versions have
 * lengths of two and four bytes and no tagged fields. The methods write whichever form the version has.
 */
export class ProtocolWriter {
  readonly #isFlexible: boolean;
  readonly #parts: Buffer[] = [];

  constructor(isFlexible: boolean) {
    this.#isFlexible = isFlexible;
  }

  int8(value: number): this {
    const bytes = Buffer.alloc(1);
    bytes.writeInt8(value);
    return this.#push(bytes);
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  int16(value: number): this {
    const bytes = Buffer.alloc(2);
    bytes.writeInt16BE(value);
    return this.#push(bytes);
  }

  int32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return this.#push(bytes);
  }

  int64(value: number | bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt(value));
    return this.#push(bytes);
  }

  string(value: string | null): this {
    const bytes = value === null ? null : Buffer.from(value, 'utf8');
    const length = bytes?.length ?? -1;
    if (this.#isFlexible) this.#uvarint(length + 1);
    else this.int16(length);
    return bytes === null ? this : this.#push(bytes);
  }

  /** Bytes with their length, without a copy until `toBuffer`. */
  lengthAndBytes(bytes: Buffer): this {
    if (this.#isFlexible) this.#uvarint(bytes.length + 1);
    else this.int32(bytes.length);
    return this.#push(bytes);
  }

  /** A UUID in Kafka's own spelling (base64url); undefined writes the zero UUID, which stands for none. */
  uuid(value: string | undefined): this {
    return this.#push(value === undefined ? Buffer.alloc(16) : Buffer.from(value, 'base64url'));
  }

  /** An array; null means all in requests that know the difference. */
  array<T>(items: readonly T[] | null, writeItem: (item: T) => void): this {
    const count = items?.length ?? -1;
    if (this.#isFlexible) this.#uvarint(count + 1);
    else this.int32(count);
    for (const item of items ?? []) writeItem(item);
    return this;
  }

  /** No tagged fields, at the end of a structure; writes nothing in versions without them. */
  taggedFields(): this {
    return this.#isFlexible ? this.#uvarint(0) : this;
  }

  toBuffer(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #uvarint(value: number): this {
    const bytes: number[] = [];
    let left = value;
    for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) + 0x80);
    return this.#push(Buffer.from([...bytes, left]));
  }

  #push(bytes: Buffer): this {
    this.#parts.push(bytes);
    return this;
  }
}
