import { createServer, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { redisOrReason, startFaultProxy } from '@openedx-ts/brokers';
import { describe, expect, it } from 'vitest';
import { eventually, loggedLines, receivedItems, sendItem } from './redis-bench.test-support.js';
import { RedisTestServer } from './redis-test-server.test-support.js';

const password = 'p@ss/w?o#r%d:é';
const redis = await redisOrReason({
  password,
  users: ['lms on >hunter2 ~* +@all', 'gone off >hunter2 ~* +@all'],
});

describe.skipIf(redis.reason !== undefined)(redis.titled('a Redis that is unusable'), () => {
  const bench = new RedisTestServer(redis, 'connection');

  const urlFor = (login: string) => `redis://${login}${bench.server.host}:${bench.server.port}`;
  const sendOnce = async (url: string, name?: string) => {
    await using producer = bench.produce({ url, deliveryTimeoutMs: 300 });
    return sendItem(producer, bench.topic, 1, name).catch((error: unknown) => error);
  };

  it.each([
    ['a wrong password', ':hunter2@', /refuses the password: check the URL/],
    ['an unknown user', 'nobody:hunter2@', /refuses user nobody or its password: check the URL/],
    ['a user with a wrong password', 'lms:hunter3@', /refuses user lms or its password/],
    ['a user that is switched off', 'gone:hunter2@', /refuses user gone or its password/],
    ['no password', '', /requires a password: add it to the URL/],
  ])('refuses %s at once, and never shows it', async (_what, login, reason) => {
    using logged = loggedLines();
    const url = urlFor(login);
    const sent = await sendOnce(url, 'hunter2');
    expect(sent).toMatchObject({
      code: 'EVENTS_PRODUCE_FAILED',
      topic: bench.topic,
      retryable: false,
      fault: 'bus',
      message: expect.stringMatching(reason),
      cause: { name: 'RedisAccessError', code: 'EVENT_BUS_REDIS_ACCESS' },
    });
    await using consumer = bench.consume({ url });
    const failure = await consumer.failed();
    expect(failure).toMatchObject({
      code: 'EVENTS_CONSUMER_FAILED',
      message: expect.stringMatching(reason),
      cause: { code: 'EVENT_BUS_REDIS_ACCESS' },
    });
    expect(consumer.consumer.health()).toMatchObject({ live: false, ready: false });
    const everything = inspect([sent, failure, logged.lines], { depth: Infinity, showHidden: true });
    expect(everything).not.toMatch(/hunter/);
    expect(everything).toContain(`${bench.server.host}:${bench.server.port}`);
  });

  it('accepts a user and a password of any characters, percent-encoded', async () => {
    using received = receivedItems();
    const url = urlFor(`default:${encodeURIComponent(password)}@`);
    await using _consumer = bench.consume({ url });
    await sendOnce(url);
    await eventually(() => received.numbers).toEqual([1]);
  });

  it('refuses a database that does not exist, instead of using another one', async () => {
    const url = `${bench.server.url}/99`;
    expect(await sendOnce(url)).toMatchObject({ message: expect.stringMatching(/refuses database 99/) });
    expect(await bench.client.exists(bench.topic)).toBe(0);
  });

  it.each([
    ['refuses connections', 'redis://127.0.0.1:1', /127\.0\.0\.1:1 is unreachable \(ECONNREFUSED\)/],
    [
      'has a name that nobody knows',
      'redis://redis.invalid',
      /redis\.invalid:6379.*\((?:ENOTFOUND|EAI_AGAIN)\)/,
    ],
    ['is a socket that is not there', 'unix:///nowhere/redis.sock', /\/nowhere\/redis\.sock.*\(ENOENT\)/],
  ])('waits for a server that %s, and reports why', async (_what, url, reason) => {
    expect(await sendOnce(url)).toMatchObject({
      code: 'EVENTS_PRODUCE_FAILED',
      retryable: true,
      fault: 'bus',
      message: expect.stringMatching(reason),
    });
    await using consumer = bench.consume({ url });
    await eventually(() => consumer.consumer.health().reasons.join()).toMatch(reason);
    expect(consumer.consumer.health()).toMatchObject({ live: true, ready: false });
  });

  it('continues when it is reachable again', async () => {
    using received = receivedItems();
    await bench.server.stop();
    await using consumer = bench.consume();
    await using producer = bench.produce();
    const sent = sendItem(producer, bench.topic, 1);
    await eventually(() => producer.health().reasons.join()).toMatch(/is unreachable/);
    await eventually(() => consumer.consumer.health().reasons.join()).toMatch(/is unreachable/);
    await bench.server.start();
    await sent;
    await eventually(() => received.numbers).toEqual([1]);
    expect(consumer.consumer.health().ready).toBe(true);
  });

  it.each([
    [
      'hangs up at once',
      (socket: Socket) => void socket.end(),
      /onnection (?:was|is) closed|ECONNRESET|EPIPE/,
    ],
    ['breaks the connection', (socket: Socket) => void socket.resetAndDestroy(), /ECONNRESET|closed|EPIPE/],
    ['sends nothing', () => {}, /no reply within 200 ms/],
    ['is no Redis', (socket: Socket) => void socket.write('HTTP/1.1 400\r\n\r\n'), /the server is no Redis/],
  ])('waits for a server that %s', async (_what, answer, reason) => {
    await using other = await listening(answer);
    const options = { url: `redis://127.0.0.1:${other.port}`, connectTimeoutMs: 200 };
    await using producer = bench.produce({ ...options, deliveryTimeoutMs: 500 });
    const sent = await sendItem(producer, bench.topic, 1).catch((error: unknown) => error);
    expect(sent).toMatchObject({ retryable: true, message: expect.stringMatching(reason) });
    await using consumer = bench.consume(options);
    await eventually(() => consumer.consumer.health().reasons.join()).toMatch(reason);
  });

  it('loses no event and processes none twice when its connections break again and again', async () => {
    using received = receivedItems();
    await using proxy = await startFaultProxy({ target: bench.server });
    const url = bench.server.url.replace(`:${bench.server.port}`, `:${proxy.port}`);
    await using _consumer = bench.consume({ url });
    await using producer = bench.produce({ url });
    for (let number = 0; number < 20; number += 1) {
      const sent = sendItem(producer, bench.topic, number);
      if (number % 4 === 0) proxy.reset();
      await sent;
    }
    const all = Array.from({ length: 20 }, (_, number) => number);
    await eventually(() => [...new Set(received.numbers)]).toEqual(all);
    await eventually(bench.pending).toBe(0);
    expect(await bench.client.xlen(bench.topic)).toBe(20);
  });
});

/** A server on a free port that does one thing to whoever connects. */
async function listening(
  answer: (socket: Socket) => void,
): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    answer(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
