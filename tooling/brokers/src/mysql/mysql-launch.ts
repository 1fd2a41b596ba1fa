import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrokerFailedError } from '../ladder/broker-failed-error.js';
import { dockerContainer } from '../process/docker-container.js';
import { freePort } from '../process/free-port.js';
import type { ServerControl } from '../process/server-control.js';
import { serverProcess } from '../process/server-process.js';
import type { ServerLaunch } from '../server/server-launch.js';
import { untilAnswer } from '../server/until-answer.js';
import { askMysql, type MysqlAddress } from './ask-mysql.js';
import type { FoundMariadbProgram, FoundMysql } from './found-mysql.js';
import { mariadbData, placeOf, sizes } from './mariadb-data.js';
import type { MysqlOptions } from './mysql-options.js';

/** A server that has not answered for so long has failed; a container of MySQL creates its data first. */
const patienceMs = 60_000;

/** A commit is written to the page cache, which outlives a killed server; tests do not outlive the machine. */
const withoutFsync = ['innodb_flush_log_at_trx_commit = 2'];

/** Prepares a server on a free port. */
export async function mysqlLaunch(
  found: Exclude<FoundMysql, { chosen: 'environment' }>,
  { config = [], fsync = false }: MysqlOptions,
): Promise<ServerLaunch & { readonly port: number }> {
  const port = await freePort();
  const tcp = { host: '127.0.0.1', port };
  const settings = [...(fsync ? [] : withoutFsync), ...config].map(
    (line) => `--${line.replace(/\s*=\s*/, '=')}`,
  );
  if (found.chosen === 'docker') {
    const control = dockerContainer({
      image: found.image,
      command: ['mysqld', ...settings],
      ports: { [port]: 3306 },
      files: {},
      env: { MYSQL_ALLOW_EMPTY_PASSWORD: 'yes', MYSQL_DATABASE: 'test' },
    });
    return { port, control, ready: () => ready(control, [tcp]) };
  }
  const folder = await mkdtemp(join(tmpdir(), 'openedx-ts-mysql-'));
  // By the socket in its own folder we know it from a stranger that was quicker to take the port.
  const path = join(folder, 'mysql.sock');
  const control = await prepared(found, folder, [
    ...settings,
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    `--socket=${path}`,
  ]);
  return { port, control, ready: () => ready(control, [{ path }, tcp]) };
}

async function prepared(
  found: FoundMariadbProgram,
  folder: string,
  settings: readonly string[],
): Promise<ServerControl> {
  const data = join(folder, 'data');
  const control = serverProcess({
    command: found.program,
    args: [
      '--no-defaults',
      ...placeOf(found, data),
      ...sizes,
      '--skip-name-resolve',
      '--pid-file=mysqld.pid',
      ...settings,
    ],
    env: found.env,
    folder,
  });
  const empty = await mariadbData(found);
  if (typeof empty === 'string') {
    await control.remove();
    throw new BrokerFailedError('MariaDB', 'cannot create its data', empty);
  }
  await cp(join(empty.folder, 'data'), data, { recursive: true });
  return control;
}

async function ready(control: ServerControl, addresses: readonly MysqlAddress[]): Promise<void> {
  for (const address of addresses) {
    await untilAnswer('MySQL', control, () => askMysql(address, 1000), patienceMs);
  }
}
