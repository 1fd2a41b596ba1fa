import { EventEmitter, once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a Kafka broker on which messages can be refused. */
export interface ProduceRefusals extends AsyncDisposable {
  readonly bootstrapServers: string;
  /**
   * Refuses messages as a broker with too few replicas does: they are not stored, and may be sent again. Resolves once a
   * request was refused, or none has come for a while.
   */
  stop(): Promise<void>;
  /** Messages are accepted again. */
  start(): Promise<void>;
}

/**
 * Starts a proxy in front of a broker, whose producers it refuses when asked to. A single broker refuses nothing for want
 * of replicas: it requires no more of them than a topic has.
 *
 * @param options.port the one that the broker sends its clients to
 */
export async function startProduceRefusals(options: {
  readonly target: { readonly host: string; readonly port: number };
  readonly port: number;
}): Promise<ProduceRefusals> {
  const sockets = new Set<Socket>();
  const refused = new EventEmitter();
  let isRefusing = false;
  const refusals: ProduceRefusals = {
    bootstrapServers: `127.0.0.1:${options.port}`,
    async stop() {
      isRefusing = true;
      await once(refused, 'request', { signal: AbortSignal.timeout(QUIET_MS) }).catch(() => {});
    },
    async start() {
      isRefusing = false;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const socket of sockets) socket.destroy();
      await once(listener, 'close');
    },
  };
  const listener = createServer({ noDelay: true }, (client) => {
    const broker = connect({ ...options.target, noDelay: true });
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    const pass = requestsOf((request) => {
      if (!isRefusing || request.readInt16BE(LENGTH) !== PRODUCE) return void broker.write(request);
      client.write(refusalOf(request));
      refused.emit('request');
    });
    client.on('data', pass);
    broker.on('data', (bytes) => void client.write(bytes));
  });
  listener.listen(options.port, '127.0.0.1');
  await once(listener, 'listening');
  return refusals;
}

/** Divides a stream into requests, each with its length before it. */
function requestsOf(onRequest: (request: Buffer) => void): (bytes: Buffer) => void {
  let left = Buffer.alloc(0);
  return (bytes) => {
    left = Buffer.concat([left, bytes]);
    while (left.length >= LENGTH) {
      const end = LENGTH + left.readInt32BE(0);
      if (left.length < end) return;
      onRequest(left.subarray(0, end));
      left = left.subarray(end);
    }
  };
}

/** The response to a produce request of version 9 that refuses each of its partitions. */
function refusalOf(request: Buffer): Buffer {
  const version = request.readInt16BE(6);
  if (version !== 9) throw new RangeError(`produce requests of version ${version} are not known`);
  let at = 14 + Math.max(0, request.readInt16BE(12)); // behind the client id; -1: null
  const int32 = () => {
    at += 4;
    return request.readInt32BE(at - 4);
  };
  const uvarint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = request.readUInt8(at);
      at += 1;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const copied = (read: () => void) => {
    const start = at;
    read();
    return request.subarray(start, at);
  };
  const skipBytes = () => {
    const length = uvarint() - 1; // -1: null
    at += Math.max(0, length);
  };
  uvarint(); // no tagged fields
  skipBytes(); // transactional id
  at += 2 + 4; // acks, timeout
  const parts: Buffer[] = [request.subarray(8, 12), NO_TAGGED_FIELDS];
  let topics = 0;
  parts.push(copied(() => (topics = uvarint() - 1)));
  for (; topics > 0; topics -= 1) {
    parts.push(copied(skipBytes)); // the name
    let partitions = 0;
    parts.push(copied(() => (partitions = uvarint() - 1)));
    for (; partitions > 0; partitions -= 1) {
      parts.push(ofInt32(int32()), REFUSED);
      skipBytes(); // the records
      uvarint(); // no tagged fields
    }
    uvarint();
    parts.push(NO_TAGGED_FIELDS);
  }
  const body = Buffer.concat([...parts, ofInt32(0), NO_TAGGED_FIELDS]); // not throttled
  return Buffer.concat([ofInt32(body.length), body]);
}

function ofInt32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** How long a request to refuse is waited for, in milliseconds. */
const QUIET_MS = 100;
/** The bytes of the length before each request and response. */
const LENGTH = 4;
/** The key of produce requests. */
const PRODUCE = 0;
const NO_TAGGED_FIELDS = Buffer.from([0]);
/**
 * NOT_ENOUGH_REPLICAS (19); base offset, time of the append and start of the log are unknown (-1); no record to blame, no
 * message, no tagged fields.
 */
const REFUSED = Buffer.concat([Buffer.from([0, 19]), Buffer.alloc(3 * 8, 0xff), Buffer.from([1, 0, 0])]);
