import { connect } from 'node:net';
import { ProtocolAnswer } from './protocol-answer.js';
import { ProtocolBytes } from './protocol-bytes.js';

/** Where a node listens. */
export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

/** A request of Kafka's protocol, without login. */
export interface NodeRequest {
  readonly apiKey: number;
  readonly version: number;
  readonly body: ProtocolBytes;
  /** True where this version has tagged fields in the headers. */
  readonly hasTags?: boolean;
}

/**
 * Sends one request over a connection of its own.
 * @returns the body of the answer
 * @throws {Error} when the node does not answer within the time
 */
export function askNode(
  { host, port }: TcpAddress,
  request: NodeRequest,
  timeoutMs: number,
): Promise<ProtocolAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      socket.destroy();
      settle();
    };
    const fail = (why: string) => end(() => reject(new Error(`Kafka at ${host}:${port}: ${why}`)));
    const timer = setTimeout(() => fail(`no answer within ${timeoutMs} ms`), timeoutMs);
    let received = Buffer.alloc(0);
    socket.on('error', ({ message }) => fail(message));
    socket.on('close', () => fail('closed the connection'));
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      // Size, correlation id, tags.
      end(() => resolve(new ProtocolAnswer(received.subarray(request.hasTags ? 9 : 8))));
    });
    socket.write(framed(request));
  });
}

function framed({ apiKey, version, body, hasTags }: NodeRequest): Buffer {
  const header = new ProtocolBytes().int16(apiKey).int16(version).int32(0).text(null);
  if (hasTags) header.noTags();
  const bytes = Buffer.concat([header.bytes, body.bytes]);
  return Buffer.concat([new ProtocolBytes().int32(bytes.length).bytes, bytes]);
}
