import { type RedisServer, redisOrReason } from '@openedx-ts/brokers';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RedisEventBusConsumer } from '../consumer/redis-event-bus-consumer.js';
import type { RedisProducerOptions } from '../options/redis-options.js';
import { RedisEventBusProducer } from '../producer/redis-event-bus-producer.js';
import { eventually, RunningConsumer, receivedItems, sendItem } from './redis-bench.test-support.js';
import { type Certificate, certificateFor, tlsFront } from './tls.test-support.js';

const redis = await redisOrReason({ own: true, password: 'hunter2' });
const restore = snapshotSignals();

describe.skipIf(redis.reason !== undefined)(redis.titled('TLS to Redis'), () => {
  let server: RedisServer;
  let front: AsyncDisposable & { readonly port: number };
  let own: Certificate;
  let topic = '';
  let tests = 0;

  beforeAll(async () => {
    server = await redis.start();
    own = certificateFor('IP:127.0.0.1');
    front = await tlsFront(server, own);
  });
  afterAll(async () => {
    await front[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    restore();
  });
  beforeEach(() => {
    tests += 1;
    topic = `tls-${process.pid}-${tests}`;
  });

  const urlOf = (scheme: string, port = front.port) => `${scheme}://:hunter2@127.0.0.1:${port}`;
  const sendOnce = async (options: RedisProducerOptions) => {
    await using producer = new RedisEventBusProducer({
      deliveryTimeoutMs: 300,
      connectTimeoutMs: 1_000,
      ...options,
    });
    return sendItem(producer, topic, 1).catch((error: unknown) => error);
  };

  it.each(['rediss', 'redis'])(
    'works with a CA of its own, by %s:// and `clientOptions.tls`',
    async (scheme) => {
      using received = receivedItems();
      const options = { url: urlOf(scheme), clientOptions: { tls: { ca: own.cert } } };
      await using _consumer = new RunningConsumer({ ...options, topics: [topic], groupId: 'g' });
      expect(await sendOnce(options)).toMatchObject({ topic });
      await eventually(() => received.numbers).toEqual([1]);
    },
  );

  it.each([
    ['no CA that is known', undefined],
    ['another CA', 'other'],
  ])('is refused at once with %s', async (_what, ca) => {
    const tls = ca === undefined ? {} : { ca: certificateFor('IP:127.0.0.1').cert };
    const options = { url: urlOf('rediss'), clientOptions: { tls } };
    const reason = /certificate of Redis at 127\.0\.0\.1:\d+ is not trusted \(.*CERT.*NODE_EXTRA_CA_CERTS/;
    expect(await sendOnce(options)).toMatchObject({
      code: 'EVENTS_PRODUCE_FAILED',
      retryable: false,
      fault: 'bus',
      message: expect.stringMatching(reason),
      cause: { code: 'EVENT_BUS_REDIS_ACCESS' },
    });
    await using consumer = new RunningConsumer({ ...options, topics: [topic], groupId: 'g' });
    expect(await consumer.failed()).toMatchObject({ message: expect.stringMatching(reason) });
  });

  it('is refused where the certificate has another host name', async () => {
    const other = certificateFor('DNS:redis.example.org');
    await using elsewhere = await tlsFront(server, other);
    const options = {
      url: urlOf('rediss', elsewhere.port),
      clientOptions: { tls: { ca: other.cert } },
    };
    expect(await sendOnce(options)).toMatchObject({
      retryable: false,
      message: expect.stringMatching(
        /is not trusted \(ERR_TLS_CERT_ALTNAME_INVALID\).*host name of the certificate/,
      ),
    });
  });

  it('is requested where the server expects it and the URL does not', async () => {
    expect(await sendOnce({ url: urlOf('redis') })).toMatchObject({
      retryable: true,
      message: expect.stringMatching(/is unreachable .*whether it expects TLS \(rediss:\/\/\)/),
    });
  });

  it('fails a send where the URL requires it and the server does not support it', async () => {
    const error = await sendOnce({ url: urlOf('rediss', server.port) });
    expect(error).toMatchObject({
      code: 'EVENTS_PRODUCE_FAILED',
      message: expect.stringMatching(/does not speak TLS|is unreachable/),
    });
  });

  it.each([
    'redis://:hunter2@redis.example.org',
    'redis://lms:hunter2@10.0.0.1:6379/0',
    'redis://redis.example.org?password=hunter2',
  ])('is demanded where a password would go to another machine: %s', (url) => {
    const refusal = expect.objectContaining({
      code: 'EVENTS_INVALID_OPTIONS',
      message: expect.stringMatching(/url: it would send a password to .* unencrypted: use rediss:/),
    });
    expect(() => new RedisEventBusProducer({ url })).toThrow(refusal);
    expect(() => new RedisEventBusConsumer({ url, topics: ['t'], groupId: 'g' })).toThrow(refusal);
    expect(() => new RedisEventBusProducer({ url })).toThrow(/^((?!hunter2).)*$/);
  });

  it.each([
    ['another machine, with TLS', { url: 'rediss://:hunter2@redis.example.org' }],
    [
      'another machine, with TLS by option',
      { url: 'redis://:x@redis.example.org', clientOptions: { tls: {} } },
    ],
    ['another machine, where that is allowed', { url: 'redis://:x@redis.example.org', allowInsecure: true }],
    ['another machine, without a password', { url: 'redis://redis.example.org' }],
    ['this machine', { url: 'redis://:hunter2@localhost' }],
    ['this machine by number', { url: 'redis://:hunter2@127.0.0.2' }],
    ['this machine by IPv6', { url: 'redis://:hunter2@[::1]' }],
    ['a socket', { url: 'unix://:hunter2@/run/redis.sock' }],
  ])('is not demanded to %s', async (_what, options) => {
    await using producer = new RedisEventBusProducer(options);
    expect(producer.health().live).toBe(true);
  });
});
