/** Reads an answer in Kafka's types, from front to back. */
export class ProtocolAnswer {
  readonly bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  int8(): number {
    this.#at += 1;
    return this.bytes.readInt8(this.#at - 1);
  }

  int16(): number {
    this.#at += 2;
    return this.bytes.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.bytes.readInt32BE(this.#at - 4);
  }

  text(): string {
    const length = Math.max(0, this.int16());
    this.#at += length;
    return this.bytes.toString('utf8', this.#at - length, this.#at);
  }

  array<Item>(read: (answer: this) => Item): Item[] {
    return Array.from({ length: Math.max(0, this.int32()) }, () => read(this));
  }

  /** The compact forms of newer versions; lengths up to 126. */
  compactText(): string {
    const length = Math.max(0, this.int8() - 1);
    this.#at += length;
    return this.bytes.toString('utf8', this.#at - length, this.#at);
  }

  compactArray<Item>(read: (answer: this) => Item): Item[] {
    return Array.from({ length: Math.max(0, this.int8() - 1) }, () => read(this));
  }
}
