import { connect, type Socket } from 'node:net';

/** A connection to a Kafka broker that sends what it is given: no client library lets go of a wrong request. */
export class RawKafka implements Disposable {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, PromiseWithReject>();
  #received: Buffer = Buffer.alloc(0);
  #requests = 0;

  constructor(bootstrapServers: string) {
    const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(bootstrapServers) ?? [];
    this.#socket = connect(Number(port), host);
    this.#socket.on('data', (bytes) => this.#receive(bytes));
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the broker closed the connection'));
      this.#waiting.clear();
    });
  }

  /** Sends a request with a header of version 1. @returns the answer without its header */
  request(apiKey: number, version: number, body: Buffer): Promise<Buffer> {
    this.#requests += 1;
    const id = this.#requests;
    const header = Buffer.concat([int16(apiKey), int16(version), int32(id), text('neighbour')]);
    this.#socket.write(Buffer.concat([int32(header.length + body.length), header, body]));
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) reject(new Error('the connection is closed'));
      const timer = setTimeout(() => reject(new Error('the broker does not answer')), PATIENCE_MS);
      const settled =
        <Result>(settle: (result: Result) => void) =>
        (result: Result) => {
          clearTimeout(timer);
          settle(result);
        };
      this.#waiting.set(id, { resolve: settled(resolve), reject: settled(reject) });
    });
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    while (this.#received.length >= 4) {
      const end = 4 + this.#received.readInt32BE(0);
      if (this.#received.length < end) return;
      const id = this.#received.readInt32BE(4);
      this.#waiting.get(id)?.resolve(this.#received.subarray(8, end));
      this.#waiting.delete(id);
      this.#received = this.#received.subarray(end);
    }
  }
}

/** More than a rebalance takes. */
const PATIENCE_MS = 12_000;

interface PromiseWithReject {
  resolve(answer: Buffer): void;
  reject(error: Error): void;
}

/** Appends a batch to a partition. @throws Error when the broker refuses it */
export async function produce(
  kafka: RawKafka,
  { topic, partition, batch }: { readonly topic: string; readonly partition: number; readonly batch: Buffer },
): Promise<void> {
  const partitions = array([Buffer.concat([int32(partition), blob(batch)])]);
  const topics = array([Buffer.concat([text(topic), partitions])]);
  const body = Buffer.concat([text(null), int16(1), int32(10_000), topics]);
  const answer = await kafka.request(PRODUCE, 3, body);
  const error = answer.readInt16BE(4 + 2 + topic.length + 4 + 4);
  if (error !== 0) throw new Error(`the batch is refused with ${error}`);
}

const PRODUCE = 0;

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

export function text(value: string | null): Buffer {
  if (value === null) return int16(-1);
  return Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);
}

export function blob(value: Buffer): Buffer {
  return Buffer.concat([int32(value.length), value]);
}

export function array(items: readonly Buffer[]): Buffer {
  return Buffer.concat([int32(items.length), ...items]);
}
