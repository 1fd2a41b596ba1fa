import { type RedisServer, startRedis } from '@openedx-ts/brokers';
import { deadLetterQueue, redriveDeadLetters } from '@openedx-ts/events-core/operate';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RedisEventBusAdmin } from '../admin/redis-event-bus-admin.js';
import { RedisEventBusConsumer } from '../consumer/redis-event-bus-consumer.js';

/** Before 7.2 Redis lists a member, and counts it as active, only when it has received an entry. */
describe('a member of a group that receives nothing', () => {
  let server: RedisServer;
  let client: Redis;
  let admin: RedisEventBusAdmin;
  beforeAll(async () => {
    server = await startRedis({ own: true });
    client = new Redis(server.url);
    admin = new RedisEventBusAdmin({ EVENT_BUS_REDIS_CONNECTION_URL: server.url });
  });
  afterAll(async () => {
    await admin.close();
    client.disconnect();
    await server[Symbol.asyncDispose]();
  });

  const activeMembers = async (topic: string) =>
    (await admin.topics.groupProgress(topic, 'mail'))?.activeMembers;

  it('is active, so that a redrive finds it, and gone once it has stopped', async () => {
    await using consumer = new RedisEventBusConsumer({ url: server.url, topics: ['idle'], groupId: 'mail' });
    const running = consumer.run();
    await vi.waitFor(async () => expect(await activeMembers('idle')).toBe(1), { timeout: 60_000 });
    const queue = deadLetterQueue(admin.topics, { topic: 'idle', groupId: 'mail' });
    expect(await redriveDeadLetters(admin.topics, queue, { all: true })).toMatchObject({ redriven: 0 });
    await consumer.stop();
    await running;
    expect(await activeMembers('idle')).toBe(0);
  });

  it('stays active however long nothing arrives', async () => {
    const options = { url: server.url, topics: ['quiet'], groupId: 'mail', claimEveryMs: 20 };
    await using consumer = new RedisEventBusConsumer(options);
    const running = consumer.run();
    await vi.waitFor(async () => expect(await activeMembers('quiet')).toBe(1), { timeout: 60_000 });
    const [member] = (await client.xinfo('CONSUMERS', 'quiet', 'mail')) as [string[]];
    await client.xgroup('DELCONSUMER', 'quiet', 'mail', member[1] as string); // as if it had been idle for long
    await vi.waitFor(async () => expect(await activeMembers('quiet')).toBe(1), { timeout: 60_000 });
    await consumer.stop();
    await running;
  });
});
