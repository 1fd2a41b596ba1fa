import { appendFile, chown } from 'node:fs/promises';
import { join } from 'node:path';
import { BrokerFailedError } from '../ladder/broker-failed-error.js';
import { dockerContainer } from '../process/docker-container.js';
import { freePort } from '../process/free-port.js';
import { lastLines } from '../process/last-lines.js';
import { run } from '../process/run.js';
import type { ServerControl } from '../process/server-control.js';
import { serverProcess } from '../process/server-process.js';
import { dataFolder } from '../server/data-folder.js';
import type { ServerLaunch } from '../server/server-launch.js';
import { untilAnswer } from '../server/until-answer.js';
import { askPostgres, type PostgresAddress } from './ask-postgres.js';
import type { FoundPostgres, FoundPostgresPrograms } from './found-postgres.js';
import type { PostgresOptions } from './postgres-options.js';

/** A server that has not answered for so long has failed. */
const patienceMs = 30_000;

/** The page cache outlives a killed server, and tests do not outlive the machine. */
const settings = (fsync: boolean) => [`fsync = ${fsync ? 'on' : 'off'}`, 'shared_buffers = 16MB'];

/** Prepares a server on a free port. */
export async function postgresLaunch(
  found: Exclude<FoundPostgres, { chosen: 'environment' }>,
  { config = [], fsync = false }: PostgresOptions,
): Promise<ServerLaunch & { readonly port: number }> {
  const port = await freePort();
  const tcp = { host: '127.0.0.1', port };
  const lines = [...settings(fsync), ...config];
  if (found.chosen === 'docker') {
    const control = dockerContainer({
      image: found.image,
      command: ['postgres', ...lines.flatMap((line) => ['-c', line.replace(/\s*=\s*/, '=')])],
      ports: { [port]: 5432 },
      files: {},
      env: { POSTGRES_HOST_AUTH_METHOD: 'trust' },
    });
    return { port, control, ready: () => ready(control, [tcp]) };
  }
  const folder = await dataFolder('postgres');
  const control = await prepared(found, lines, port, folder);
  // By the socket in its own folder we know it from a stranger that was quicker to take the port.
  const path = join(folder, `.s.PGSQL.${port}`);
  return { port, control, ready: () => ready(control, [{ path }, tcp]) };
}

async function prepared(
  { initdb, postgres, env, user }: FoundPostgresPrograms,
  lines: readonly string[],
  port: number,
  folder: string,
): Promise<ServerControl> {
  const data = join(folder, 'data');
  const control = serverProcess({
    command: postgres,
    args: ['-D', data],
    env,
    folder,
    forks: true,
    // "Fast": it does not wait for its clients.
    stopSignal: 'SIGINT',
    ...(user && { user }),
  });
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  const cluster = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  const made = await run(initdb, ['-D', data, ...cluster], {
    cwd: folder,
    env,
    timeoutMs: 60_000,
    ...(user && { user }),
  });
  if (made.code !== 0) {
    await control.remove();
    throw new BrokerFailedError('PostgreSQL', 'cannot make its files', lastLines(made.output, 10));
  }
  const place = ["listen_addresses = '127.0.0.1'", `port = ${port}`, `unix_socket_directories = '${folder}'`];
  await appendFile(join(data, 'postgresql.conf'), `${[...place, ...lines].join('\n')}\n`);
  return control;
}

async function ready(control: ServerControl, addresses: readonly PostgresAddress[]): Promise<void> {
  for (const address of addresses) {
    await untilAnswer('PostgreSQL', control, () => askPostgres(address, 1000), patienceMs);
  }
}
