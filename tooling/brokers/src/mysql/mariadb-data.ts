import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedFolder } from '../ladder/cached-folder.js';
import { lastLines } from '../process/last-lines.js';
import { run } from '../process/run.js';
import type { FoundMariadbProgram } from './found-mysql.js';

/** The size of a file of the data; a server must be started with the one with which its data were created. */
export const sizes = ['--innodb-log-file-size=16M', '--innodb-buffer-pool-size=32M'];

/**
 * The data of a new server, created once for each version: user `root` from every host without a password, database `test`.
 * @returns the folder, to be copied, or why it cannot be created
 */
export async function mariadbData(found: FoundMariadbProgram): Promise<{ readonly folder: string } | string> {
  return cachedFolder(`mariadb-${found.version}-data`, async (folder) => {
    const data = join(folder, 'data');
    mkdirSync(data);
    const files = ['mysql_system_tables', 'mysql_performance_tables', 'mysql_system_tables_data'];
    const scripts = await Promise.all(
      files.map((name) => readFile(join(found.share, `${name}.sql`), 'utf8')),
    );
    const { code, output } = await run(
      found.program,
      ['--no-defaults', '--bootstrap', ...placeOf(found, data), ...sizes, '--innodb-flush-method=nosync'],
      // In this mode a statement ends at the end of a line.
      { input: [...first, ...scripts, ...last].join('\n'), env: found.env, cwd: folder, timeoutMs: 120_000 },
    );
    return code === 0 ? undefined : `MariaDB cannot create its data: ${lastLines(output, 3)}`;
  });
}

/** The options by which a server finds its files. MariaDB refuses to run as root unless that is asked for. */
export function placeOf({ share }: FoundMariadbProgram, data: string): string[] {
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  return [
    ...user,
    `--datadir=${data}`,
    `--lc-messages-dir=${share}`,
    `--character-sets-dir=${join(share, 'charsets')}`,
  ];
}

const first = [
  'CREATE DATABASE mysql;',
  'USE mysql;',
  'SET @auth_root_socket=NULL;',
  'SET @skip_auth_anonymous=1;',
];

const last = [
  'FLUSH PRIVILEGES;',
  "CREATE USER root@'%';",
  "GRANT ALL PRIVILEGES ON *.* TO root@'%' WITH GRANT OPTION;",
  'CREATE DATABASE test CHARACTER SET utf8mb4;',
  '',
];
