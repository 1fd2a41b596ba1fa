/** A produce request, or the response to one, of version 9, divided by partition. */
export interface ProduceMessage {
  readonly correlationId: number;
  /** What comes before the topics, without the length of the message. */
  readonly head: Buffer;
  readonly topics: readonly ProduceTopic[];
  /** What comes behind the topics. */
  readonly tail: Buffer;
}

/** The partitions of a topic in a produce request or response. */
export interface ProduceTopic {
  readonly name: string;
  readonly partitions: readonly { readonly index: number; readonly bytes: Buffer }[];
}

/** Reads a request, given with its length in front. */
export function readProduceRequest(request: Buffer): ProduceMessage {
  const version = request.readInt16BE(6);
  if (version !== 9) throw new RangeError(`produce requests of version ${version} are not known`);
  const reader = new Reader(request);
  reader.skip(4 + 2 + 2 + 4); // length, key, version, correlation id
  reader.skip(Math.max(0, reader.int16())); // client id
  reader.skipTags();
  reader.skipCompact(); // transactional id
  reader.skip(2 + 4); // acks, timeout
  return reader.message(request.readInt32BE(8), () => reader.skipCompact()); // the records
}

/** Reads a response, given with its length in front. */
export function readProduceResponse(response: Buffer): ProduceMessage {
  const reader = new Reader(response);
  reader.skip(4 + 4); // length, correlation id
  reader.skipTags();
  return reader.message(response.readInt32BE(4), () => {
    reader.skip(2 + 3 * 8); // error, base offset, time of the append, start of the log
    for (let count = reader.uvarint() - 1; count > 0; count -= 1) {
      reader.skip(4); // a record
      reader.skipCompact();
      reader.skipTags();
    }
    reader.skipCompact(); // error message
  });
}

/** The bytes of a request or response, with its length in front. */
export function produceBytes({ head, topics, tail }: Omit<ProduceMessage, 'correlationId'>): Buffer {
  const parts = [head, uvarint(topics.length + 1)];
  for (const { name, partitions } of topics) {
    const text = Buffer.from(name);
    parts.push(uvarint(text.length + 1), text, uvarint(partitions.length + 1));
    for (const { bytes } of partitions) parts.push(bytes);
    parts.push(NO_TAGS);
  }
  const body = Buffer.concat([...parts, tail]);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Reads the topics, and what is left; `skipPartition` stands behind the number of a partition. */
  message(correlationId: number, skipPartition: () => void): ProduceMessage {
    const head = this.#bytes.subarray(4, this.#at);
    const topics = this.#array(() => {
      const name = this.#text();
      const partitions = this.#array(() => {
        const start = this.#at;
        const index = this.#bytes.readInt32BE(start);
        this.skip(4);
        skipPartition();
        this.skipTags();
        return { index, bytes: this.#bytes.subarray(start, this.#at) };
      });
      this.skipTags();
      return { name, partitions };
    });
    return { correlationId, head, topics, tail: this.#bytes.subarray(this.#at) };
  }

  skip(count: number): void {
    this.#at += count;
  }

  int16(): number {
    this.#at += 2;
    return this.#bytes.readInt16BE(this.#at - 2);
  }

  uvarint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#at);
      this.#at += 1;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  /** Skips bytes or a text; 0 stands for null. */
  skipCompact(): void {
    this.skip(Math.max(0, this.uvarint() - 1));
  }

  skipTags(): void {
    if (this.uvarint() !== 0) throw new RangeError('tagged fields are not known');
  }

  #text(): string {
    const length = this.uvarint() - 1;
    this.#at += length;
    return this.#bytes.toString('utf8', this.#at - length, this.#at);
  }

  #array<Item>(read: () => Item): readonly Item[] {
    return Array.from({ length: this.uvarint() - 1 }, read);
  }
}

function uvarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

const NO_TAGS = Buffer.from([0]);
