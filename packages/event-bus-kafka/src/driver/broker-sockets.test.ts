import { once } from 'node:events';
import { type AddressInfo, BlockList, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BrokerSockets, CLEAR_TEXT } from './broker-sockets.js';

describe('BrokerSockets', () => {
  const server = createServer();
  let port = 0;

  beforeEach(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const openIn = async (sockets: BrokerSockets) => {
    let connected = () => {};
    const isUp = new Promise<void>((resolve) => (connected = resolve));
    const socket = sockets.open({ host: '127.0.0.1', port, ssl: undefined, onConnect: connected });
    await isUp;
    return socket;
  };

  it('cuts the connections to one broker with a reason, and leaves the others', async () => {
    const sockets = new BrokerSockets({ connectTimeoutMs: 1_000 });
    const socket = await openIn(sockets);
    sockets.cut('no answer', 'elsewhere:9092');
    expect(socket.destroyed).toBe(false);
    const failed = once(socket, 'error');
    sockets.cut('no answer', `127.0.0.1:${port}`);
    expect(await failed).toMatchObject([{ message: 'no answer' }]);
  });

  it('notes that a connection has ended, and not that one never came up', async () => {
    const sockets = new BrokerSockets({ connectTimeoutMs: 1_000 });
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port: refusing } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const refused = sockets.open({
      host: '127.0.0.1',
      port: refusing,
      ssl: undefined,
      onConnect: () => {},
    });
    refused.on('error', () => {});
    await new Promise((resolve) => refused.once('close', resolve));
    const socket = await openIn(sockets);
    expect(sockets.haveEnded).toBe(false);
    socket.end();
    await once(socket, 'close');
    expect(sockets.haveEnded).toBe(true);
  });

  it('cuts a connection in clear text to another machine before credentials are sent, wherever the name led', async () => {
    const check = vi.spyOn(BlockList.prototype, 'check').mockReturnValue(false);
    const open = (more: object) => {
      const onConnect = vi.fn();
      const sockets = new BrokerSockets({ connectTimeoutMs: 1_000, ...more });
      return { onConnect, socket: sockets.open({ host: 'localhost', port, ssl: undefined, onConnect }) };
    };
    try {
      const refused = open({ sasl: { mechanism: 'plain' } });
      expect(await once(refused.socket, 'error')).toMatchObject([{ code: CLEAR_TEXT }]);
      expect(refused.onConnect).not.toHaveBeenCalled();
      for (const more of [{}, { sasl: { mechanism: 'plain' }, allowInsecure: true }]) {
        const { socket, onConnect } = open(more);
        await once(socket, 'connect');
        expect(onConnect).toHaveBeenCalledOnce();
        socket.destroy();
      }
    } finally {
      check.mockRestore();
    }
  });

  it('opens nothing any more once it is closed, for a client that is in the middle of connecting again', async () => {
    const sockets = new BrokerSockets({ connectTimeoutMs: 1_000 });
    const before = await openIn(sockets);
    const failed = once(before, 'error');
    sockets.close('closed');
    expect(await failed).toMatchObject([{ message: 'closed' }]);
    const late = sockets.open({ host: '127.0.0.1', port, ssl: undefined, onConnect: () => {} });
    expect(await once(late, 'error')).toMatchObject([{ message: 'closed' }]);
    expect(late.destroyed).toBe(true);
  });

  it('logs nothing about listeners when kafkajs ends a dead connection again and again', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    const sockets = new BrokerSockets({ connectTimeoutMs: 1_000 });
    const socket = await openIn(sockets);
    const closed = once(socket, 'close');
    socket.destroy();
    await closed;
    for (let times = 0; times < 20; times += 1) socket.unref();
    await new Promise(setImmediate);
    process.off('warning', note);
    expect(warnings).toStrictEqual([]);
  });
});
