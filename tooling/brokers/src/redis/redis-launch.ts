import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { dockerContainer } from '../process/docker-container.js';
import { freePort } from '../process/free-port.js';
import type { ServerControl } from '../process/server-control.js';
import { serverProcess } from '../process/server-process.js';
import { dataFolder } from '../server/data-folder.js';
import type { ServerLaunch } from '../server/server-launch.js';
import { untilAnswer } from '../server/until-answer.js';
import { askRedis } from './ask-redis.js';
import { type FoundRedis, type FoundRedisProcess, libraryEnvironment } from './find-redis.js';
import { NoPongError } from './no-pong-error.js';
import { redisConfig } from './redis-config.js';
import type { RedisOptions } from './redis-options.js';

/** A server that has not answered for so long has failed. */
const patienceMs = 30_000;

/** Prepares a server on a free port. */
export async function redisLaunch(
  found: Exclude<FoundRedis, { chosen: 'environment' }>,
  options: RedisOptions,
): Promise<ServerLaunch & { readonly port: number }> {
  const port = await freePort();
  const tcp = { host: '127.0.0.1', port };
  if (found.chosen === 'docker') {
    const { image, command } = found;
    const conf = '/tmp/redis.conf';
    const text = redisConfig(options, { bind: '0.0.0.0', port: 6379, folder: '/data' });
    const control = dockerContainer({
      image,
      command: [command, conf],
      ports: { [port]: 6379 },
      files: { [conf]: text },
    });
    return { port, control, ready: () => ready(control, [tcp]) };
  }
  return redisProcess(found, port, (folder) => redisConfig(options, { bind: tcp.host, port, folder }));
}

/**
 * Prepares a server as a process of this machine.
 * @param textOf the configuration, for the folder where the server writes
 * @param args further arguments
 */
export async function redisProcess(
  { command, libraryPath }: FoundRedisProcess,
  port: number,
  textOf: (folder: string) => string,
  args: readonly string[] = [],
): Promise<ServerLaunch & { readonly port: number }> {
  const folder = await dataFolder('redis');
  const conf = join(folder, 'redis.conf');
  // By the socket in its own folder we know it from a stranger that was quicker to take the port.
  const path = join(folder, 'redis.sock');
  await writeFile(conf, `${textOf(folder)}unixsocket "${path}"\n`);
  const env = libraryEnvironment(libraryPath);
  const control = serverProcess({ command, args: [conf, ...args], env, folder });
  return { port, control, ready: () => ready(control, [{ path }, { host: '127.0.0.1', port }]) };
}

type Address = { readonly path: string } | { readonly host: string; readonly port: number };

async function ready(control: ServerControl, addresses: readonly Address[]): Promise<void> {
  for (const address of addresses) await untilAnswer('Redis', control, () => answers(address), patienceMs);
}

async function answers(address: Address): Promise<boolean> {
  try {
    await askRedis('', connect(address), [['PING']], 1000);
    return true;
  } catch (error) {
    // Asked for a password: it is there. (Not so with LOADING.)
    return error instanceof NoPongError && /^-(NOAUTH|NOPERM)\b/.test(error.reply ?? '');
  }
}
