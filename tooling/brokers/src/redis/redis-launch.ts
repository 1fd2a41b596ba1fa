import { mkdtemp, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BrokerFailedError } from '../ladder/broker-failed-error.js';
import { dockerContainer } from '../process/docker-container.js';
import type { ServerControl } from '../process/server-control.js';
import { serverProcess } from '../process/server-process.js';
import { askRedis } from './ask-redis.js';
import { type FoundRedis, libraryEnvironment } from './find-redis.js';
import { NoPongError } from './no-pong-error.js';
import { redisConfig } from './redis-config.js';
import type { RedisOptions } from './redis-options.js';

/** A server that has not answered for so long has failed. */
const patienceMs = 30_000;

/** A server that is ready to be started, on a port that was free a moment ago. */
export interface RedisLaunch {
  readonly control: ServerControl;
  /**
   * Waits until it answers.
   * @throws {BrokerFailedError} when it ends, or says nothing for half a minute
   */
  ready(): Promise<void>;
}

/** Prepares a server on a port. */
export async function redisLaunch(
  found: Exclude<FoundRedis, { chosen: 'environment' }>,
  options: RedisOptions,
  port: number,
): Promise<RedisLaunch> {
  const tcp = { host: '127.0.0.1', port };
  if (found.chosen === 'docker') {
    const { image, command } = found;
    const conf = '/tmp/redis.conf';
    const text = redisConfig(options, { bind: '0.0.0.0', port: 6379, folder: '/data' });
    const control = dockerContainer({
      image,
      command: [command, conf],
      port: [port, 6379],
      files: { [conf]: text },
    });
    return { control, ready: () => ready(control, [tcp]) };
  }
  const folder = await mkdtemp(join(tmpdir(), 'openedx-ts-redis-'));
  const conf = join(folder, 'redis.conf');
  // By the socket in its own folder we know it from a stranger that was quicker to take the port.
  const path = join(folder, 'redis.sock');
  const text = redisConfig(options, { bind: tcp.host, port, folder });
  await writeFile(conf, `${text}unixsocket "${path}"\n`);
  const { command, libraryPath } = found;
  const control = serverProcess({ command, args: [conf], env: libraryEnvironment(libraryPath), folder });
  return { control, ready: () => ready(control, [{ path }, tcp]) };
}

type Address = { readonly path: string } | { readonly host: string; readonly port: number };

async function ready(control: ServerControl, addresses: readonly Address[]): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (const address of addresses) {
    while (!(await answers(address))) {
      if (!(await control.isRunning())) {
        throw new BrokerFailedError('Redis', 'has ended instead of answering', await control.logTail());
      }
      if (performance.now() > deadline) {
        throw new BrokerFailedError(
          'Redis',
          `does not answer after ${patienceMs} ms`,
          await control.logTail(),
        );
      }
      await delay(10);
    }
  }
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
