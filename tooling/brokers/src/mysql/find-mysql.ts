import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { climb, type Rung } from '../ladder/climb.js';
import { programOfDebianPackages } from '../ladder/debian-packages.js';
import { dockerImage } from '../ladder/docker-image.js';
import { lastLines } from '../process/last-lines.js';
import { run } from '../process/run.js';
import { askMysql } from './ask-mysql.js';
import type { FoundMysql } from './found-mysql.js';
import { type MysqlOptions, wantsOwnMysql } from './mysql-options.js';

/** Names the server of tests that need no control over it. */
export const mysqlVariable = 'TEST_MYSQL_URL';

/** By what was asked for: looking takes a moment, and three seconds where a Docker engine hangs. */
const looked = new Map<string, Promise<FoundMysql>>();

/**
 * Climbs the ladder, once for the same question: environment, MySQL in Docker, MariaDB of this machine, the
 * distribution's package of MariaDB.
 * @throws {BrokerUnavailableError} when no rung holds
 */
export function findMysql(options: MysqlOptions): Promise<FoundMysql> {
  const question = `${wantsOwnMysql(options) || process.env[mysqlVariable]}`;
  const rungs = [environmentRung(options), dockerRung, pathRung, packageRung];
  const found = looked.get(question) ?? climb('MySQL or MariaDB', rungs);
  looked.set(question, found);
  return found;
}

function environmentRung(options: MysqlOptions): Rung<FoundMysql> {
  return rung(mysqlVariable, async () => {
    const url = process.env[mysqlVariable];
    if (url === undefined || url === '') return 'not set';
    if (wantsOwnMysql(options)) return 'passed over: a server of its own is asked for';
    const address = mysqlAddressOf(url);
    if (!(await askMysql(address, 5000))) return `${address.host}:${address.port} is not ready within 5 s`;
    return { chosen: 'environment', url, what: `the server that ${mysqlVariable} names` };
  });
}

const dockerRung = rung('Docker', async () => {
  const image = 'mysql:8.4';
  const complaint = await dockerImage(image);
  return complaint ?? { chosen: 'docker', image, what: `${image} in Docker` };
});

const pathRung = rung('PATH', async () => {
  // Debian keeps servers in a folder that only root has on the PATH.
  const reasons: string[] = [];
  for (const program of ['mariadbd', '/usr/sbin/mariadbd']) {
    const found = await tried('binary', program, ['/usr/share/mysql', '/usr/share/mariadb'], {});
    if (typeof found !== 'string') return found;
    reasons.push(found);
  }
  return reasons[0] ?? 'not found';
});

const packageRung = rung('package', async () => {
  const found = await programOfDebianPackages(['mariadb-server-core'], 'usr/sbin/mariadbd');
  if (typeof found === 'string') return found;
  const usr = join(found.program, '..', '..');
  return tried('package', found.program, [join(usr, 'share', 'mysql'), join(usr, 'share', 'mariadb')], {
    LD_LIBRARY_PATH: found.libraryPath,
  });
});

async function tried(
  chosen: 'binary' | 'package',
  program: string,
  shares: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<FoundMysql | string> {
  const { code, output } = await run(program, ['--version'], { env, timeoutMs: 10_000 });
  if (code !== 0) return lastLines(output, 1);
  const share = shares.find((folder) => existsSync(join(folder, 'mysql_system_tables.sql')));
  if (share === undefined) return `${program} is here without mysql_system_tables.sql, by which it is set up`;
  const version = /\d+\.\d+\.\d+/.exec(output)?.[0] ?? '';
  const where = chosen === 'package' ? 'unpacked in .cache' : 'on the PATH';
  return { chosen, what: `MariaDB ${version} ${where}`, version, program, share, env };
}

/** Host and port of a URL. */
export function mysqlAddressOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 3306) };
}

function rung(name: string, find: () => Promise<FoundMysql | string>): Rung<FoundMysql> {
  return { name, find };
}
