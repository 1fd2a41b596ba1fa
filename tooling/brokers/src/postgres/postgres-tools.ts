import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BrokerFailedError } from '../ladder/broker-failed-error.js';
import { climb, type Rung } from '../ladder/climb.js';
import { programOfDebianPackages } from '../ladder/debian-packages.js';
import { lastLines } from '../process/last-lines.js';
import { run } from '../process/run.js';
import { type ServerOrReason, serverOrReason } from '../server/server-or-reason.js';
import { packagedPostgres } from './packaged-postgres.js';

/** `pg_dump` and `psql` of this machine. */
export interface PostgresTools {
  /** Returns the statements that create a database anew, as of one snapshot. @throws {BrokerFailedError} */
  dump(url: string): Promise<string>;
  /** Executes what `dump` has returned, in a database that is empty. @throws {BrokerFailedError} at its first error */
  restore(url: string, statements: string): Promise<void>;
}

/**
 * Looks for `pg_dump` and `psql`, so that tests can be skipped with a reason.
 * @throws {BrokerUnavailableError} when there are none and `CI` is `true`: there nothing is skipped
 */
export function postgresToolsOrReason(): Promise<ServerOrReason<object, PostgresTools>> {
  return serverOrReason({ find: findTools, start: async () => toolsOf(await findTools()) }, {});
}

interface FoundTools {
  /** With the programs; empty for the PATH. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

const rungs: readonly Rung<FoundTools>[] = [
  {
    name: 'PATH',
    find: async () => {
      const home = '/usr/lib/postgresql'; // Debian and Ubuntu keep them off the PATH
      const versions = existsSync(home)
        ? readdirSync(home).sort((one, other) => Number(other) - Number(one))
        : [];
      for (const folder of [...versions.map((version) => join(home, version, 'bin')), ''])
        if ((await complaintOf({ folder, env: {} })) === undefined) return { folder, env: {} };
      return 'there is no pg_dump or no psql';
    },
  },
  {
    name: 'package',
    find: async () => {
      const version = packagedPostgres();
      if (version === undefined) return 'no Debian or Ubuntu whose version of PostgreSQL is known';
      const bin = `usr/lib/postgresql/${version}/bin`;
      const packages = [`postgresql-client-${version}`];
      const found = await programOfDebianPackages(packages, `${bin}/pg_dump`, [`${bin}/psql`]);
      if (typeof found === 'string') return found;
      const tools = { folder: dirname(found.program), env: { LD_LIBRARY_PATH: found.libraryPath } };
      return (await complaintOf(tools)) ?? tools;
    },
  },
];

function findTools(): Promise<FoundTools> {
  return climb('pg_dump', rungs);
}

async function complaintOf({ folder, env }: FoundTools): Promise<string | undefined> {
  for (const name of ['pg_dump', 'psql']) {
    const { code, output } = await run(join(folder, name), ['--version'], { env, timeoutMs: 10_000 });
    if (code !== 0) return lastLines(output, 1);
  }
  return undefined;
}

function toolsOf({ folder, env }: FoundTools): PostgresTools {
  const execute = async (name: string, args: readonly string[], input?: string) => {
    const options = { env, timeoutMs: 60_000, ...(input !== undefined && { input }) };
    const { code, stdout, output } = await run(join(folder, name), args, options);
    if (code !== 0) throw new BrokerFailedError(name, 'has failed', lastLines(output, 5));
    return stdout;
  };
  return {
    dump: (url) => execute('pg_dump', ['--dbname', url]),
    restore: async (url, statements) => {
      await execute(
        'psql',
        ['--dbname', url, '--no-psqlrc', '--quiet', '--set', 'ON_ERROR_STOP=1'],
        statements,
      );
    },
  };
}
