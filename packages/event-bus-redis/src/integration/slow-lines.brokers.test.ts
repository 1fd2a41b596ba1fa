import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { redisOrReason } from '@openedx-ts/brokers';
import { runtime } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { RedisEventBusAdmin } from '../admin/redis-event-bus-admin.js';
import { IoredisConnection } from '../driver/ioredis-connection.js';
import { resolveProducerOptions } from '../options/redis-options.js';
import { writtenSince } from '../producer/written-since.js';
import { eventually, receivedItems, sendItem } from './redis-bench.test-support.js';
import { RedisTestServer } from './redis-test-server.test-support.js';

const redis = await redisOrReason({ own: true });
const KILOBYTES_50 = 'x'.repeat(50_000);

describe.skipIf(redis.reason !== undefined)(redis.titled('a slow line'), () => {
  const bench = new RedisTestServer(redis, 'slow');

  const sendLarge = async (events: number) => {
    await using producer = bench.produce();
    for (let number = 1; number <= events; number += 1)
      await sendItem(producer, bench.topic, number, KILOBYTES_50);
  };

  it('delivers a batch that takes longer to arrive than any timeout, once', async () => {
    await sendLarge(60);
    await using line = await lineTo(bench.server, { bytesPerSecond: 1_200_000 });
    using received = receivedItems();
    const timeouts = { commandTimeoutMs: 500, blockMs: 100 };
    await using _member = bench.consume({ url: line.url, ...timeouts });
    await eventually(() => received.numbers.length).toBe(60);
    expect(new Set(received.numbers).size).toBe(60);
    expect(line.connections()).toBeLessThanOrEqual(2);
  });

  it('that cuts long replies off gets smaller batches, and then every event', async () => {
    await sendLarge(40);
    await using line = await lineTo(bench.server, { cutAfterBytes: 1_500_000 });
    using received = receivedItems();
    await using _member = bench.consume({ url: line.url });
    await eventually(() => new Set(received.numbers).size).toBe(40);
  });

  it("does not keep a producer's look-up or an operator's read from ending", async () => {
    await sendLarge(40);
    await using line = await lineTo(bench.server, { bytesPerSecond: 4_000_000 });
    const options = resolveProducerOptions({ url: line.url, commandTimeoutMs: 250 });
    const connection = new IoredisConnection({ ...options, clientName: 'test' });
    const written = await writtenSince(connection, bench.topic, undefined, new Set(['no such event']));
    expect(written.size).toBe(0);
    await connection.close();
    await using admin = new RedisEventBusAdmin({ EVENT_BUS_REDIS_CONNECTION_URL: line.url });
    const sizes: number[] = [];
    for await (const page of admin.topics.read(bench.topic)) sizes.push(page.length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(40);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(20); // a megabyte
  });
});

/** An address whose replies come slowly, or that breaks each connection after so many bytes of them. */
async function lineTo(
  server: { readonly host: string; readonly port: number },
  { bytesPerSecond = Infinity, cutAfterBytes = Infinity },
) {
  const sockets = new Set<Socket>();
  let connections = 0;
  const listener = createServer((near) => {
    connections += 1;
    const far = connect(server.port, server.host);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => (socket === near ? far : near).destroy());
    }
    near.pipe(far);
    void replies(far, near);
  });
  const replies = async (far: Socket, near: Socket) => {
    let bytes = 0;
    try {
      for await (const piece of far) {
        bytes += (piece as Buffer).length;
        if (bytes > cutAfterBytes) near.destroy();
        if (!near.write(piece as Buffer)) await Promise.race([once(near, 'drain'), once(near, 'close')]);
        if (bytesPerSecond < Infinity)
          await runtime().clock.sleep((1_000 * (piece as Buffer).length) / bytesPerSecond);
      }
    } catch {
      // broken by the other side
    }
  };
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    url: `redis://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
