import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bringPnpm } from './bring-pnpm.mjs';
import { linkCommand } from './link-command.mjs';
import { note } from './note.mjs';
import { cacheFolder, root } from './paths.mjs';
import { runCaptured } from './run-captured.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Installs the workspace's dependencies from the lockfile, unless nothing has changed since the last time.
 * @throws {SetupError} with the end of pnpm's output
 */
export async function installWorkspace() {
  const stamp = join(cacheFolder, 'installed');
  const wanted = fingerprint();
  if (existsSync(join(root, 'node_modules', '.modules.yaml')) && read(stamp) === wanted) return;

  const pnpm = await bringPnpm();
  note('Installing dependencies (pnpm install --frozen-lockfile)');
  const install = [
    'install',
    '--frozen-lockfile',
    '--config.confirmModulesPurge=false',
    '--reporter=append-only',
  ];
  // With NODE_ENV=production pnpm would leave out the very tools that build and test.
  const env = { ...process.env, NODE_ENV: 'development' };
  const run = await runCaptured(pnpm.command, [...pnpm.args, ...install], { env });
  if (run.code !== 0) {
    const tail = run.output.trimEnd().split('\n').slice(-40).join('\n');
    throw new SetupError(`${tail}\n\npnpm install failed (exit code ${run.code}). ${cure(run.output)}`);
  }
  linkCommand(); // pnpm runs no scripts where its settings forbid them
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Of everything that decides what pnpm installs. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests()]) {
    hash.update(`${file}\0${read(join(root, file))}\0`);
  }
  return hash.digest('hex');
}

/** Of the root, its folders and theirs: every place where pnpm-workspace.yaml may find a package. */
function manifests() {
  const tops = foldersIn('.');
  const below = tops.flatMap((top) => foldersIn(top).map((folder) => join(top, folder)));
  return ['.', ...tops, ...below]
    .map((folder) => join(folder, 'package.json'))
    .filter((file) => existsSync(join(root, file)));
}

/** @param {string} folder */
function foldersIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map((entry) => entry.name)
    .sort();
}

/** @param {string} file */
function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** @param {string} output */
function cure(output) {
  if (output.includes('ERR_PNPM_OUTDATED_LOCKFILE')) {
    return 'A package.json has changed and pnpm-lock.yaml has not: run `npx pnpm install` and commit the lockfile.';
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(output)) {
    return 'The package registry could not be reached: check the network and the proxy settings.';
  }
  if (/ENOSPC/.test(output)) return 'The disk is full.';
  return 'The lines above show the reason.';
}
