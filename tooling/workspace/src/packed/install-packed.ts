import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packPackage } from '../release/pack-package.mjs';
import { npmCommand } from '../setup/npm-command.mjs';
import { root } from '../setup/paths.mjs';
import { runCaptured } from '../setup/run-captured.mjs';
import { isFullTest } from './is-full-test.js';
import type { PackedPackage } from './packed-workspace.js';
import { type PublicPackage, publicPackages } from './public-packages.js';

/**
 * Packs every public package and installs all tarballs together, as a user's `npm install` would, with the tools that the
 * projects of `fixtures/packed` need.
 */
export default async function installPacked(vitest: TestProject): Promise<() => void> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'openedx-ts-packed-')));
  const project = join(home, 'project');
  const packages = publicPackages();
  const packed: PackedPackage[] = [];
  for (const one of packages) {
    const { name } = one.manifest;
    packed.push({ name, tarball: await pack(one, home), installed: join(project, 'node_modules', name) });
  }
  await install(project, packages, packed);
  vitest.provide('packed', { project, packages: packed });
  return () => rmSync(home, { recursive: true, force: true });
}

async function pack({ folder, manifest }: PublicPackage, target: string): Promise<string> {
  const tarball = join(target, `${manifest.name.replace('/', '-')}.tgz`);
  await packPackage(folder, tarball);
  return tarball;
}

async function install(project: string, packages: PublicPackage[], packed: PackedPackage[]): Promise<void> {
  const tarballs = Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`]));
  const manifest = {
    name: 'packed-project',
    private: true,
    type: 'module',
    dependencies: { ...optionalPeers(packages), ...toolchains(), ...tarballs },
    // Siblings come from their tarballs too, never from a registry.
    overrides: Object.fromEntries(packed.map(({ name }) => [name, `$${name}`])),
  };
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest, undefined, 2));
  const npm = npmCommand();
  const flags = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const run = await runCaptured(npm.command, [...npm.args, 'install', ...flags], { cwd: project });
  if (run.code !== 0) throw new Error(`npm install of the tarballs failed:\n${run.output}`);
}

/** What the projects of `fixtures/packed` are built and run with: `devDependencies` are for `npm run test:full` alone. */
function toolchains(): Record<string, string> {
  const file = join(root, 'tooling/workspace/fixtures/packed/toolchains.json');
  const { dependencies, devDependencies } = JSON.parse(readFileSync(file, 'utf8')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
  return isFullTest ? { ...dependencies, ...devDependencies } : dependencies;
}

/** What entry points for users of another library need: they are imported as well. */
function optionalPeers(packages: PublicPackage[]): Record<string, string> {
  const peers: Record<string, string> = {};
  for (const { manifest } of packages) {
    for (const [name, { optional }] of Object.entries(manifest.peerDependenciesMeta ?? {})) {
      const range = manifest.peerDependencies?.[name];
      if (optional === true && range !== undefined) peers[name] = range;
    }
  }
  return peers;
}
