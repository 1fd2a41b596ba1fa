import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { climb, type Rung } from '../ladder/climb.js';
import { programOfDebianPackages } from '../ladder/debian-packages.js';
import { dockerImage } from '../ladder/docker-image.js';
import { lastLines } from '../process/last-lines.js';
import { run } from '../process/run.js';
import { askPostgres } from './ask-postgres.js';
import type { FoundPostgres } from './found-postgres.js';
import { packagedPostgres } from './packaged-postgres.js';
import { postgresEditions, postgresOfNpm } from './postgres-editions.js';
import { type PostgresEdition, type PostgresOptions, wantsOwnPostgres } from './postgres-options.js';

/** Names the server of tests that need no control over it. */
export const postgresVariable = 'TEST_POSTGRES_URL';

/** By what was asked for: looking takes a moment, and three seconds where a Docker engine hangs. */
const looked = new Map<string, Promise<FoundPostgres>>();

/**
 * Climbs the ladder, once for the same question: environment, Docker, programs of this machine, the distribution's package;
 * for an edition: Docker, npm.
 * @throws {BrokerUnavailableError} when no rung holds
 */
export function findPostgres(options: PostgresOptions): Promise<FoundPostgres> {
  const { edition } = options;
  const question = `${edition} ${wantsOwnPostgres(options) || process.env[postgresVariable]}`;
  const found = looked.get(question) ?? look(options);
  looked.set(question, found);
  return found;
}

function look(options: PostgresOptions): Promise<FoundPostgres> {
  const { edition } = options;
  if (edition !== undefined) return climb(edition, [dockerRung(edition), npmRung(edition)]);
  return climb('PostgreSQL', [environmentRung(options), dockerRung('postgres-15'), pathRung, packageRung]);
}

function environmentRung(options: PostgresOptions): Rung<FoundPostgres> {
  return rung(postgresVariable, async () => {
    const url = process.env[postgresVariable];
    if (url === undefined || url === '') return 'not set';
    if (wantsOwnPostgres(options)) return 'passed over: a server of its own is asked for';
    const address = addressOf(url);
    if (!(await askPostgres(address, 5000))) return `${address.host}:${address.port} is not ready within 5 s`;
    return { chosen: 'environment', url, what: `the server that ${postgresVariable} names` };
  });
}

function dockerRung(edition: PostgresEdition): Rung<FoundPostgres> {
  const { image } = postgresEditions[edition];
  return rung('Docker', async () => {
    const complaint = await dockerImage(image);
    return complaint ?? { chosen: 'docker', image, what: `${image} in Docker` };
  });
}

function npmRung(edition: PostgresEdition): Rung<FoundPostgres> {
  return rung('npm', async () => {
    const found = await postgresOfNpm(edition);
    return typeof found === 'string' ? found : tried('package', found.bin, 'of npm in .cache', {});
  });
}

const pathRung = rung('PATH', async () => {
  const plain = await tried('binary', '', 'on the PATH', {});
  if (typeof plain !== 'string') return plain;
  // Debian and Ubuntu keep the server's programs off the PATH.
  const home = '/usr/lib/postgresql';
  const versions = existsSync(home) ? readdirSync(home) : [];
  for (const version of versions.sort((a, b) => Number(b) - Number(a))) {
    const found = await tried('binary', join(home, version, 'bin'), `in ${home}`, {});
    if (typeof found !== 'string') return found;
  }
  return plain;
});

const packageRung = rung('package', async () => {
  const version = packagedPostgres();
  if (version === undefined) return 'no Debian or Ubuntu whose version of PostgreSQL is known';
  const bin = `usr/lib/postgresql/${version}/bin`;
  const found = await programOfDebianPackages([`postgresql-${version}`], `${bin}/postgres`, [
    `${bin}/initdb`,
  ]);
  if (typeof found === 'string') return found;
  const env = { LD_LIBRARY_PATH: found.libraryPath };
  return tried('package', dirname(found.program), 'unpacked in .cache', env);
});

/** Whether both programs run here, as the user that will run them. */
async function tried(
  chosen: 'binary' | 'package',
  folder: string,
  where: string,
  env: Readonly<Record<string, string>>,
): Promise<FoundPostgres | string> {
  const user = process.getuid?.() === 0 ? await unprivileged() : undefined;
  if (typeof user === 'string') return user;
  const as = { env, timeoutMs: 10_000, ...(user && { user }) };
  const programs = { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') };
  for (const program of Object.values(programs)) {
    const { code, output } = await run(program, ['--version'], as);
    if (code !== 0) return lastLines(output, 1);
  }
  const { stdout } = await run(programs.postgres, ['--version'], as);
  const version = /\d+(\.\d+)*/.exec(stdout)?.[0] ?? '';
  return { chosen, what: `PostgreSQL ${version} ${where}`, ...programs, env, ...(user && { user }) };
}

async function unprivileged(): Promise<{ readonly uid: number; readonly gid: number } | string> {
  const ids = await Promise.all(['-u', '-g'].map((id) => run('id', [id, 'nobody'], { timeoutMs: 10_000 })));
  const [uid, gid] = ids.map(({ code, stdout }) => (code === 0 ? Number(stdout) : undefined));
  if (uid === undefined || gid === undefined) {
    return 'PostgreSQL refuses to run as root, and there is no user `nobody`: run the tests as another user';
  }
  return { uid, gid };
}

/** Host and port of a URL. */
export function addressOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 5432) };
}

function rung(name: string, find: () => Promise<FoundPostgres | string>): Rung<FoundPostgres> {
  return { name, find };
}
