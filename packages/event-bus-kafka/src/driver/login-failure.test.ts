import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { InfrastructureError } from '@openedx-ts/events-core';
import { afterEach, describe, expect, it } from 'vitest';
import { resolveProducerOptions } from '../options/kafka-options.js';
import { Connections } from './connections.js';
import { KafkaAccessError } from './kafka-error.js';
import { ProtocolWriter } from './protocol/protocol-writer.js';

const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
let server: Server | undefined;
afterEach(async () => {
  const ended = new Promise((resolve) => server?.close(resolve));
  await ended;
});

describe('a login', () => {
  it.each(mechanisms)('with %s that a lost connection ends may be tried again', async (mechanism) => {
    const error = await failureOfLogin(mechanism, (socket) => socket.destroy());
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(String(error)).not.toContain('credentials');
  });

  it('that is not answered in time may be tried again', async () => {
    expect(await failureOfLogin('plain', () => {})).toBeInstanceOf(InfrastructureError);
  });

  it.each(mechanisms)('with %s that the broker refuses is access that must be granted', async (mechanism) => {
    const refusal = new ProtocolWriter(false).int16(58).string('no such user').int32(0).int64(0);
    const error = await failureOfLogin(mechanism, (_socket, answer) => answer(refusal));
    expect(error).toBeInstanceOf(KafkaAccessError);
    expect(String(error)).toContain('refuses the credentials');
  });
});

/** What a client reports whose login a broker answers in a way. */
async function failureOfLogin(
  mechanism: (typeof mechanisms)[number],
  onLogin: (socket: Socket, answer: (body: ProtocolWriter) => void) => void,
): Promise<unknown> {
  const port = await startBroker(onLogin);
  const options = resolveProducerOptions({
    bootstrapServers: `127.0.0.1:${port}`,
    sasl: { mechanism, username: 'ann', password: 'hunter2' },
    requestTimeoutMs: 300,
    schemaRegistry: { url: 'http://127.0.0.1:1' },
  });
  const client = new Connections(options, async () => {
    throw new Error('no metadata is read');
  });
  try {
    return await client
      .ask('topics cannot be listed', (cluster) => cluster.connect())
      .catch((thrown) => thrown);
  } finally {
    client.close();
  }
}

/** A broker that can log in and nothing else. */
async function startBroker(
  onLogin: (socket: Socket, answer: (body: ProtocolWriter) => void) => void,
): Promise<number> {
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (request) => {
      const apiKey = request.readInt16BE(4);
      const answer = (body: ProtocolWriter) => {
        const bytes = body.toBuffer();
        const head = Buffer.alloc(8);
        head.writeInt32BE(bytes.length + 4);
        request.copy(head, 4, 8, 12); // its correlation id
        socket.write(Buffer.concat([head, bytes]));
      };
      if (apiKey === API_VERSIONS) answer(versions());
      else if (apiKey === SASL_HANDSHAKE) answer(handshake());
      else onLogin(socket, answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const API_VERSIONS = 18;
const SASL_HANDSHAKE = 17;

const SASL_AUTHENTICATE = 36;

function versions(): ProtocolWriter {
  const body = new ProtocolWriter(false).int16(0);
  body.array([SASL_HANDSHAKE, API_VERSIONS, SASL_AUTHENTICATE], (key) => body.int16(key).int16(0).int16(1));
  return body.int32(0);
}

function handshake(): ProtocolWriter {
  const body = new ProtocolWriter(false).int16(0);
  return body.array(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'], (mechanism) => body.string(mechanism));
}
