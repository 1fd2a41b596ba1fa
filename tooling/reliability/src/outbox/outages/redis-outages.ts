import { callRedis, startRedis } from '@openedx-ts/brokers';
import { eventBus } from '@openedx-ts/event-bus-redis';
import type { OutageBus } from './outage-bus.js';

/** Redis, where the relay logs in as a user of its own. */
export async function redisOutages(): Promise<OutageBus> {
  const server = await startRedis({ own: true, appendonly: 'always' });
  const setUser = (...rules: readonly string[]) => callRedis(server, 'ACL', 'SETUSER', 'relay', ...rules);
  const allow = async () => void (await setUser('on', 'resetpass', '>secret', '~*', '&*', '+@all'));
  await allow();
  return {
    plugin: eventBus,
    env: {
      EVENT_BUS: 'redis',
      EVENT_BUS_REDIS_CONNECTION_URL: `redis://relay:secret@${server.host}:${server.port}`,
      EVENT_BUS_REDIS_STREAM_MAX_LEN: '0',
    },
    outages: [
      {
        kind: 'unreachable',
        start: () => server.kill(),
        end: async () => {
          await server.start();
          await allow(); // users are not in the file that Redis has kept
        },
      },
      {
        kind: 'password',
        start: async () => {
          await setUser('resetpass', '>another');
          await callRedis(server, 'CLIENT', 'KILL', 'USER', 'relay');
        },
        end: allow,
      },
      {
        kind: 'denied',
        start: async () => void (await setUser('resetkeys', '~[^i]*')), // all but `items`
        end: allow,
      },
    ],
    stored: async (topic) => Number(await callRedis(server, 'XLEN', topic)),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
