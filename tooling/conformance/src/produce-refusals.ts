import { EventEmitter, once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import {
  type ProduceTopic,
  produceBytes,
  readProduceRequest,
  readProduceResponse,
} from './produce-message.js';

/** A way to a Kafka broker on which messages can be refused. */
export interface ProduceRefusals extends AsyncDisposable {
  readonly bootstrapServers: string;
  /**
   * Refuses messages as a broker with too few replicas does: they are not stored, and may be sent again. Resolves once a
   * request was refused, or none has come for a while.
   */
  stop(): Promise<void>;
  /** Refuses the messages of one partition only, from now on. */
  stopPartition(topic: string, partition: number): void;
  /** Messages are accepted again. */
  start(): void;
}

type Refuses = (topic: string, partition: number) => boolean;

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
  let refuses: Refuses = () => false;
  const refusals: ProduceRefusals = {
    bootstrapServers: `127.0.0.1:${options.port}`,
    async stop() {
      refuses = () => true;
      await once(refused, 'request', { signal: AbortSignal.timeout(QUIET_MS) }).catch(() => {});
    },
    stopPartition(stopped, number) {
      refuses = (topic, partition) => topic === stopped && partition === number;
    },
    start() {
      refuses = () => false;
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
    const isRefused: Refuses = (topic, partition) => {
      if (!refuses(topic, partition)) return false;
      refused.emit('request');
      return true;
    };
    const pass = passRequests(client, broker, isRefused);
    client.on('data', messagesOf(pass.request));
    broker.on('data', messagesOf(pass.response));
  });
  listener.listen(options.port, '127.0.0.1');
  await once(listener, 'listening');
  return refusals;
}

/** Passes requests on without the partitions that are refused, and responses with refusals of these. */
function passRequests(client: Socket, broker: Socket, isRefused: Refuses) {
  const refusedIn = new Map<number, readonly ProduceTopic[]>();
  return {
    request: (bytes: Buffer) => {
      if (bytes.readInt16BE(LENGTH) !== PRODUCE) return void broker.write(bytes);
      const request = readProduceRequest(bytes);
      const { topics, correlationId } = request;
      const refused = partitionsWhere(topics, isRefused);
      if (refused.length === 0) return void broker.write(bytes);
      const isKept = (topic: string, partition: number) =>
        !refused.some(
          ({ name, partitions }) => name === topic && partitions.some(({ index }) => index === partition),
        );
      const kept = partitionsWhere(topics, isKept);
      const answers = refused.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(refusalOf),
      }));
      if (kept.length === 0) {
        const head = Buffer.concat([bytes.subarray(8, 12), NO_TAGS]);
        return void client.write(produceBytes({ head, topics: answers, tail: NOT_THROTTLED }));
      }
      refusedIn.set(correlationId, answers);
      broker.write(produceBytes({ ...request, topics: kept }));
    },
    response: (bytes: Buffer) => {
      const refused = refusedIn.get(bytes.readInt32BE(LENGTH));
      if (refused === undefined) return void client.write(bytes);
      const response = readProduceResponse(bytes);
      refusedIn.delete(response.correlationId);
      client.write(produceBytes({ ...response, topics: [...response.topics, ...refused] }));
    },
  };
}

function partitionsWhere(topics: readonly ProduceTopic[], isWanted: Refuses): readonly ProduceTopic[] {
  return topics
    .map(({ name, partitions }) => ({
      name,
      partitions: partitions.filter(({ index }) => isWanted(name, index)),
    }))
    .filter(({ partitions }) => partitions.length > 0);
}

function refusalOf({ index }: { readonly index: number }) {
  const number = Buffer.alloc(4);
  number.writeInt32BE(index);
  return { index, bytes: Buffer.concat([number, REFUSED]) };
}

/** Divides a stream into requests or responses, each with its length before it. */
function messagesOf(onMessage: (message: Buffer) => void): (bytes: Buffer) => void {
  let left = Buffer.alloc(0);
  return (bytes) => {
    left = Buffer.concat([left, bytes]);
    while (left.length >= LENGTH) {
      const end = LENGTH + left.readInt32BE(0);
      if (left.length < end) return;
      onMessage(left.subarray(0, end));
      left = left.subarray(end);
    }
  };
}

/** How long a request to refuse is waited for, in milliseconds. */
const QUIET_MS = 100;
/** The bytes of the length before each request and response. */
const LENGTH = 4;
/** The key of produce requests. */
const PRODUCE = 0;
const NO_TAGS = Buffer.from([0]);
/** No throttle time, and no tagged fields. */
const NOT_THROTTLED = Buffer.alloc(4 + 1);
/**
 * NOT_ENOUGH_REPLICAS (19); base offset, time of the append and start of the log are unknown (-1); no record to blame, no
 * message, no tagged fields.
 */
const REFUSED = Buffer.concat([Buffer.from([0, 19]), Buffer.alloc(3 * 8, 0xff), Buffer.from([1, 0, 0])]);
