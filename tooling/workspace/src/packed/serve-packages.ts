import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { PackedPackage } from './packed-workspace.js';
import { readManifest } from './public-packages.js';

/** A registry of packed packages. */
export interface ServedPackages extends AsyncDisposable {
  /** Variables with which npm takes these packages from it, and every other from where it takes them otherwise. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Serves packed packages on this machine as a registry does, so that `npm install` of them works as it is printed.
 *
 * @param folder where the settings of npm are written
 */
export async function servePackages(
  packages: readonly PackedPackage[],
  folder: string,
): Promise<ServedPackages> {
  const server = createServer(({ url = '' }, response) => {
    const name = decodeURIComponent(url.slice(1));
    const found = packages.find((one) => one.name === name || one.name === name.replace(/\.tgz$/, ''));
    if (found === undefined) response.writeHead(404).end();
    else if (name.endsWith('.tgz')) response.end(readFileSync(found.tarball));
    else response.end(JSON.stringify(packument(found, addressOf(server.address()))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const config = join(folder, 'npmrc');
  const scope = `@openedx-ts:registry=${addressOf(server.address())}`;
  writeFileSync(config, `${userConfig()}\n${scope}\nprefer-offline=true\nfund=false\naudit=false\n`);
  return {
    env: { NPM_CONFIG_USERCONFIG: config },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function packument({ name, tarball, installed }: PackedPackage, address: string): object {
  const manifest = readManifest(installed);
  const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  const dist = { tarball: `${address}${name}.tgz`, integrity };
  return {
    name,
    'dist-tags': { latest: manifest.version },
    versions: { [manifest.version]: { ...manifest, dist } },
  };
}

function addressOf(address: AddressInfo | string | null): string {
  return `http://127.0.0.1:${(address as AddressInfo).port}/`;
}

/** What the settings of npm of this user say, such as a proxy. */
function userConfig(): string {
  try {
    return readFileSync(process.env.NPM_CONFIG_USERCONFIG ?? join(homedir(), '.npmrc'), 'utf8');
  } catch {
    return '';
  }
}
