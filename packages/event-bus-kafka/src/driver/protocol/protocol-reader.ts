import { ByteReader } from './byte-reader.js';

/**
 * Reads the body of a response. Flexible versions (KIP-482) have compact lengths and tagged fields; older versions have
 * lengths of two and four bytes and no tagged fields. The methods read whichever form the version has.
 */
export class ProtocolReader extends ByteReader {
  readonly #isFlexible: boolean;

  constructor(bytes: Buffer, isFlexible: boolean) {
    super(bytes);
    this.#isFlexible = isFlexible;
  }

  /** A string; null where the broker sends none. */
  nullableString(): string | null {
    const length = this.#isFlexible ? this.uvarint() - 1 : this.int16();
    return length < 0 ? null : this.text(length);
  }

  /** A string; empty where the broker sends none. */
  string(): string {
    return this.nullableString() ?? '';
  }

  /** Bytes with their length, without a copy; empty where the broker sends none. */
  lengthAndBytes(): Buffer {
    return this.bytes(this.#isFlexible ? this.uvarint() - 1 : this.int32()) ?? Buffer.alloc(0);
  }

  /** An array; empty where the broker sends none. */
  array<T>(readItem: () => T): T[] {
    const items: T[] = [];
    const count = this.#isFlexible ? this.uvarint() - 1 : this.int32();
    for (let left = count; left > 0; left -= 1) items.push(readItem());
    return items;
  }

  /** A UUID in Kafka's own spelling (base64url); undefined for the zero UUID, which stands for none. */
  uuid(): string | undefined {
    const bytes = this.bytes(16) as Buffer;
    return bytes.every((byte) => byte === 0) ? undefined : bytes.toString('base64url');
  }

  /** Passes over the tagged fields at the end of a structure; reads nothing in versions without them. */
  taggedFields(): void {
    if (!this.#isFlexible) return;
    for (let left = this.uvarint(); left > 0; left -= 1) {
      this.uvarint(); // the tag
      this.skip(this.uvarint());
    }
  }
}
