import { startFaultProxy, startRedis } from '@openedx-ts/brokers';
import { eventBus } from '@openedx-ts/event-bus-redis';
import { Redis } from 'ioredis';
import type {
  BrokerOptions,
  BrokerStock,
  BrokerUnderTest,
  BusUnderTest,
  TakeOver,
} from './bus-under-test.js';

/** Redis Streams on a Redis that writes to its disk before it accepts. */
export const redisUnderTest: BusUnderTest = redis('redis', 'always');

/** The same on a Redis that hands what it accepts to the operating system, and sees to it once a second that it is on the disk. */
export const redisEverysecUnderTest: BusUnderTest = redis('redis-everysec', 'everysec');

function redis(name: string, appendonly: 'always' | 'everysec'): BusUnderTest {
  return { name, isAlwaysInOrder: false, start: (options) => start(appendonly, options) };
}

async function start(
  appendonly: 'always' | 'everysec',
  { isProxied = false, forgets = false }: BrokerOptions = {},
): Promise<BrokerUnderTest> {
  const server = await startRedis({ own: true, appendonly });
  const proxy = isProxied ? await startFaultProxy({ target: server }) : undefined;
  return {
    plugin: eventBus,
    proxy,
    env: {
      EVENT_BUS: 'redis',
      EVENT_BUS_REDIS_CONNECTION_URL:
        proxy === undefined ? server.url : `redis://${proxy.host}:${proxy.port}`,
      EVENT_BUS_REDIS_STREAM_MAX_LEN: forgets ? '100000' : '0',
    },
    clientsWaitMs: 4_000,
    consumerOptions: consumerOptionsOf,
    kill: () => server.kill(),
    start: () => server.start(),
    freeze: () => server.freeze(),
    unfreeze: () => server.unfreeze(),
    flush: async () => void (await askRedisUnderTest(server.url, (client) => client.flushall())),
    stock: (stream, groupId) => askRedisUnderTest(server.url, (client) => stockOf(client, stream, groupId)),
    [Symbol.asyncDispose]: async () => {
      await proxy?.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Options of a consumer whose events other members claim after about that time when it dies. */
export function consumerOptionsOf({
  takeOverMs,
  inOrder = false,
}: TakeOver): Readonly<Record<string, unknown>> {
  return {
    claimIdleMs: takeOverMs,
    claimEveryMs: Math.ceil(takeOverMs / 5),
    blockMs: Math.ceil(takeOverMs / 10),
    singleActive: inOrder,
    leaseMs: takeOverMs,
  };
}

/** Asks a server over a connection of its own. */
export async function askRedisUnderTest<Answer>(
  url: string,
  question: (client: Redis) => Promise<Answer>,
): Promise<Answer> {
  const client = new Redis(url);
  try {
    return await question(client);
  } finally {
    client.disconnect();
  }
}

/** What a server reports about a stream and a group. */
export async function stockOf(client: Redis, stream: string, groupId: string): Promise<BrokerStock> {
  const stored = await client.xlen(stream);
  const groups = (await client.xinfo('GROUPS', stream)) as readonly (readonly unknown[])[];
  const facts = groups.map(toObject).find(({ name }) => name === groupId);
  const delivered = String(facts?.['last-delivered-id'] ?? '0-0');
  // Counted rather than taken from `lag`, which Redis does not always know.
  const unread = (await client.xrange(stream, `(${delivered}`, '+')).length;
  return { stored, pending: Number(facts?.pending ?? 0), unread };
}

/** Names and values in turn, as an object. */
function toObject(flat: readonly unknown[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Array.from({ length: flat.length / 2 }, (_, index) => [String(flat[index * 2]), flat[index * 2 + 1]]),
  );
}
