import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { runtime } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IoredisConnection } from './ioredis-connection.js';

/** A server that answers `CLIENT`, and leaves the answer to anything else to the test. */
let answer: (socket: Socket) => void | Promise<void>;
let port = 0;
const sockets = new Set<Socket>();
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    if (bytes.includes('SETNAME')) socket.write('+OK\r\n');
    else void answer(socket);
  });
});

beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  server.close();
  await once(server, 'close');
});

const connect = () =>
  new IoredisConnection({
    url: `redis://127.0.0.1:${port}`,
    ...{ connectTimeoutMs: 5_000, commandTimeoutMs: 200, clientName: 'test' },
  } as ConstructorParameters<typeof IoredisConnection>[0]);

describe('the timeout of a command', () => {
  it('does not cut off a reply that takes longer than the timeout to arrive', async () => {
    const connection = connect();
    answer = async (socket) => {
      for (const piece of ['$8\r\n', ...'xxxxxxxx', '\r\n']) {
        await runtime().clock.sleep(50); // a slow line: half a second in all
        socket.write(piece);
      }
    };
    const reply = await connection.call(['GET', 'a']);
    expect(String(reply)).toBe('xxxxxxxx');
    await connection.close();
  });

  it('cuts off a reply that stops in the middle', async () => {
    const connection = connect();
    answer = (socket) => void socket.write('$10\r\nxxx');
    await expect(connection.call(['GET', 'a'])).rejects.toThrow(/no reply within 200 ms/);
    await connection.close();
  });
});
