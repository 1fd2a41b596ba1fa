import { existsSync, readFileSync } from 'node:fs';

/** The version that a distribution has. */
const packaged: Readonly<Record<string, number>> = {
  'debian 11': 13,
  'debian 12': 15,
  'debian 13': 17,
  'ubuntu 22.04': 14,
  'ubuntu 24.04': 16,
};

/** The major version of PostgreSQL in the packages of this machine's distribution; undefined when it is not known. */
export function packagedPostgres(): number | undefined {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const field = (name: string) => new RegExp(`^${name}="?([\\w.-]+)`, 'm').exec(release)?.[1];
  return packaged[`${field('ID')} ${field('VERSION_ID')}`];
}
