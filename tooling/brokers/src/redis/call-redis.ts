import { Redis } from 'ioredis';
import type { ControllableServer } from '../server/controllable-server.js';

/**
 * Sends one command over a connection of its own.
 * @param where the server, with `url` where it asks for a password
 * @returns the reply as text; the items of a list as lines
 * @throws {Error} when the server refuses it, or does not answer within two seconds
 */
export async function callRedis(
  where: Pick<ControllableServer, 'host' | 'port'> & { readonly url?: string },
  ...[name, ...args]: readonly [string, ...(string | number)[]]
): Promise<string> {
  const client = new Redis(where.url ?? `redis://${where.host}:${where.port}`, {
    lazyConnect: true,
    enableReadyCheck: false,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    retryStrategy: () => null,
  });
  client.on('error', () => {}); // the command rejects
  try {
    const reply = await client.call(name, ...args);
    return Array.isArray(reply) ? reply.join('\n') : String(reply);
  } finally {
    client.disconnect();
  }
}

const TIMEOUT_MS = 2000;
