import { connect } from 'node:net';

/** What a broker reports about itself. */
export interface KafkaMetadata {
  readonly clusterId: string;
  readonly brokers: number;
}

/** Metadata, version 4, correlation id 0, no client id, no topics, none created. */
const request = Buffer.from('0000000f 0003 0004 00000000 ffff 00000000 00'.replaceAll(' ', ''), 'hex');

/**
 * Asks a broker over a connection of its own who it is.
 * @returns undefined when nobody answers within the time
 */
export function askKafka(
  address: { readonly host: string; readonly port: number },
  timeoutMs: number,
): Promise<KafkaMetadata | undefined> {
  return new Promise((resolve) => {
    const socket = connect(address.port, address.host);
    const end = (answer?: KafkaMetadata) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(end, timeoutMs);
    let received = Buffer.alloc(0);
    socket.on('error', () => end());
    socket.on('close', () => end());
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      if (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) end(metadataOf(received));
    });
    socket.write(request);
  });
}

function metadataOf(answer: Buffer): KafkaMetadata {
  // Size, correlation id, throttle time.
  let at = 12;
  const text = () => {
    const end = at + 2 + Math.max(0, answer.readInt16BE(at));
    const found = answer.toString('utf8', at + 2, end);
    at = end;
    return found;
  };
  const brokers = answer.readInt32BE(at);
  at += 4;
  for (let broker = 0; broker < brokers; broker += 1) {
    at += 4; // node id
    text(); // host
    at += 4; // port
    text(); // rack
  }
  return { clusterId: text(), brokers };
}
