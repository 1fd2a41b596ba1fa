import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { freePort } from '../process/free-port.js';
import { Client, startEchoServer } from './echo-server.test-support.js';
import { startFaultProxy } from './start-fault-proxy.js';

describe('startFaultProxy', () => {
  it('passes bytes and the end of the stream on in both directions', async () => {
    await using server = await startEchoServer();
    await using proxy = await startFaultProxy({ target: server.address });
    using client = await Client.open(proxy);
    const text = 'x'.repeat(5_000_000);
    client.socket.end(text);
    await vi.waitFor(() => expect(client.ending).toBe('end'), 5000);
    expect(client.received.length).toBe(text.length);
    await vi.waitFor(() => expect(proxy.connections).toBe(0));
  });

  it('delays both directions by the latency, in order', async () => {
    await using server = await startEchoServer();
    await using proxy = await startFaultProxy({ target: server.address });
    using client = await Client.open(proxy);
    proxy.latency(60);
    const startedAt = performance.now();
    client.socket.write('a');
    client.socket.write('b');
    await vi.waitFor(() => expect(client.received).toBe('ab'), { timeout: 60_000, interval: 5 });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(118);
  });

  it('delays one direction alone, and only connections whose client sent a text', async () => {
    await using server = await startEchoServer();
    await using proxy = await startFaultProxy({ target: server.address });
    using slow = await Client.open(proxy);
    using fast = await Client.open(proxy);
    proxy.latency(60_000, { direction: 'toClient', sent: 'slow' });
    slow.socket.write('slow');
    await vi.waitFor(() => expect(server.received()).toBe('slow'));
    fast.socket.write('fast');
    await vi.waitFor(() => expect(fast.received).toBe('fast'));
    expect(slow.received).toBe('');
    proxy.heal();
    await vi.waitFor(() => expect(slow.received).toBe('slow'));
  });

  it('passes no more bytes in a second than the bandwidth, in pieces', async () => {
    await using server = await startEchoServer();
    await using proxy = await startFaultProxy({ target: server.address });
    using client = await Client.open(proxy);
    proxy.bandwidth(1_000_000, { direction: 'toClient' });
    const sizes: number[] = [];
    client.socket.on('data', (text: string) => void sizes.push(text.length));
    const startedAt = performance.now();
    client.socket.write('x'.repeat(200_000));
    await vi.waitFor(() => expect(client.received.length).toBe(200_000), 5_000);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(198);
    expect(Math.max(...sizes)).toBeLessThan(200_000);
  });

  it.each(['end', 'resetAndDestroy'] as const)(
    'hides %s of a client from the server until healed',
    async (how) => {
      await using server = await startEchoServer();
      await using proxy = await startFaultProxy({ target: server.address });
      proxy.lateEnd(Number.POSITIVE_INFINITY, { sent: 'a' });
      using client = await Client.open(proxy);
      client.socket.write('a');
      await vi.waitFor(() => expect(client.received).toBe('a'));
      client.socket[how]();
      using other = await Client.open(proxy);
      other.socket.end('b');
      await vi.waitFor(() => expect(other.ending).toBe('end'));
      expect(server.endings).toEqual(['end']);
      proxy.heal();
      await vi.waitFor(() => expect(server.endings).toHaveLength(2));
    },
  );

  it('delivers what a latency held back at once when healed', async () => {
    await using server = await startEchoServer();
    await using proxy = await startFaultProxy({ target: server.address });
    using client = await Client.open(proxy);
    proxy.latency(60_000);
    client.socket.write('a');
    await Promise.all([once(client.socket, 'data'), vi.waitFor(() => proxy.heal())]);
    expect(client.received).toBe('a');
  });

  it('keeps connections open and silent while stalled, and delivers everything when healed', async () => {
    await using server = await startEchoServer();
    await using proxy = await startFaultProxy({ target: server.address });
    using before = await Client.open(proxy);
    proxy.stall();
    using during = await Client.open(proxy);
    before.socket.write('1');
    during.socket.write('2');
    await vi.waitFor(() => expect(proxy.connections).toBe(2));
    await roundTripElsewhere();
    expect(server.received()).toBe('');
    proxy.heal();
    await vi.waitFor(() => expect([before.received, during.received]).toEqual(['1', '2']));
  });

  it('stops reading while stalled, so that a sender feels it', async () => {
    await using server = await startEchoServer();
    await using proxy = await startFaultProxy({ target: server.address });
    using client = await Client.open(proxy);
    proxy.stall();
    const text = 'x'.repeat(20_000_000);
    client.socket.write(text);
    await roundTripElsewhere();
    expect(client.socket.writableLength).toBeGreaterThan(0);
    proxy.heal();
    await vi.waitFor(() => expect(client.received.length).toBe(text.length), 5000);
  });

  it('cuts the way to the server alone', async () => {
    await using server = await startEchoServer();
    await using proxy = await startFaultProxy({ target: server.address });
    using client = await Client.open(proxy);
    proxy.oneWayCut('toServer');
    client.socket.write('a');
    await roundTripElsewhere();
    expect(server.received()).toBe('');
    proxy.heal();
    await vi.waitFor(() => expect(client.received).toBe('a'));
  });

  it('cuts the way to the client alone', async () => {
    await using server = await startEchoServer();
    await using proxy = await startFaultProxy({ target: server.address });
    using client = await Client.open(proxy);
    proxy.oneWayCut('toClient');
    client.socket.write('a');
    await vi.waitFor(() => expect(server.received()).toBe('a'));
    await roundTripElsewhere();
    expect(client.received).toBe('');
    proxy.heal();
    await vi.waitFor(() => expect(client.received).toBe('a'));
  });

  it('resets both sides, also while stalled, and accepts new connections', async () => {
    await using server = await startEchoServer();
    await using proxy = await startFaultProxy({ target: server.address });
    using client = await Client.open(proxy);
    client.socket.write('a');
    await vi.waitFor(() => expect(client.received).toBe('a'));
    proxy.stall();
    proxy.reset();
    await vi.waitFor(() => expect(client.ending).toBe('ECONNRESET'));
    await vi.waitFor(() => expect(server.endings).toEqual(['ECONNRESET']));
    expect(proxy.connections).toBe(0);
    proxy.heal();
    using next = await Client.open(proxy);
    next.socket.write('b');
    await vi.waitFor(() => expect(next.received).toBe('b'));
  });

  it('resets a client when the server is not there, and the server when a client breaks', async () => {
    await using nowhere = await startFaultProxy({ target: { host: '127.0.0.1', port: await freePort() } });
    using lost = await Client.open(nowhere);
    await vi.waitFor(() => expect(lost.ending).toBe('ECONNRESET'));

    await using server = await startEchoServer();
    await using proxy = await startFaultProxy({ target: server.address });
    using client = await Client.open(proxy);
    client.socket.write('a');
    await vi.waitFor(() => expect(client.received).toBe('a'));
    client.socket.resetAndDestroy();
    await vi.waitFor(() => expect(server.endings).toEqual(['ECONNRESET']));
  });

  it('closes at once with stalled connections, and again without effect', async () => {
    await using server = await startEchoServer();
    const proxy = await startFaultProxy({ target: server.address });
    using client = await Client.open(proxy);
    proxy.stall();
    await proxy.close();
    await proxy.close();
    await vi.waitFor(() => expect(client.ending).toBe('ECONNRESET'));
    await expect(Client.open(proxy)).rejects.toThrow('ECONNREFUSED');
  });
});

/** Time enough for bytes to arrive, if they were on their way: others did, over connections made afterwards. */
async function roundTripElsewhere(): Promise<void> {
  await using server = await startEchoServer();
  await using proxy = await startFaultProxy({ target: server.address });
  for (let round = 0; round < 5; round += 1) {
    using client = await Client.open(proxy);
    client.socket.write('.');
    await once(client.socket, 'data');
  }
}
