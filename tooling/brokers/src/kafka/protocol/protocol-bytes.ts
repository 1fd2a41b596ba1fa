/** Builds the body of a request in Kafka's types. */
export class ProtocolBytes {
  readonly #parts: Buffer[] = [];

  int8(value: number): this {
    return this.#add(1, (bytes) => bytes.writeInt8(value));
  }

  int16(value: number): this {
    return this.#add(2, (bytes) => bytes.writeInt16BE(value));
  }

  int32(value: number): this {
    return this.#add(4, (bytes) => bytes.writeInt32BE(value));
  }

  text(value: string | null): this {
    if (value === null) return this.int16(-1);
    const bytes = Buffer.from(value);
    this.int16(bytes.length).#parts.push(bytes);
    return this;
  }

  array<Item>(items: readonly Item[], write: (bytes: this, item: Item) => void): this {
    this.int32(items.length);
    for (const item of items) write(this, item);
    return this;
  }

  /** The compact forms of newer versions; lengths up to 126. */
  compactText(value: string): this {
    const bytes = Buffer.from(value);
    this.int8(bytes.length + 1).#parts.push(bytes);
    return this;
  }

  compactArray<Item>(items: readonly Item[], write: (bytes: this, item: Item) => void): this {
    this.int8(items.length + 1);
    for (const item of items) write(this, item);
    return this;
  }

  noTags(): this {
    return this.int8(0);
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #add(size: number, write: (bytes: Buffer) => void): this {
    const bytes = Buffer.alloc(size);
    write(bytes);
    this.#parts.push(bytes);
    return this;
  }
}
