import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runCaptured } from '../setup/run-captured.mjs';
import { SetupError } from '../setup/setup-error.mjs';
import { changelogOf } from './changelog-of.mjs';
import { packPackage } from './pack-package.mjs';
import { problemsOfPackage } from './problems-of-package.mjs';
import { inOrderOfNeed } from './release-plan.mjs';
import { tarballLimits } from './size-limits.mjs';

/**
 * Packs every package that is published, and examines what was packed.
 *
 * @param {string} workspace its folder, with built packages
 * @param {string} target folder for the tarballs
 * @returns {Promise<readonly import('./release-plan.mjs').PackedRelease[]>} in the order in which they are published
 */
export async function packRelease(workspace, target) {
  mkdirSync(target, { recursive: true });
  const packages = readdirSync(join(workspace, 'packages'))
    .map((name) => packageIn(join(workspace, 'packages', name)))
    .filter(({ isPrivate }) => !isPrivate);
  const packed = [];
  for (const one of inOrderOfNeed(packages)) packed.push(await pack(one, target));
  return packed;
}

/** @param {string} folder */
function packageIn(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { name, version, private: isPrivate = false, dependencies, peerDependencies } = manifest;
  return { folder, name, version, isPrivate, needs: Object.keys({ ...dependencies, ...peerDependencies }) };
}

/** @param {ReturnType<typeof packageIn>} one @param {string} target */
async function pack({ folder, name, version }, target) {
  const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
  const tarball = join(target, file);
  await packPackage(folder, tarball);
  const changelog = join(folder, 'CHANGELOG.md');
  const notes = existsSync(changelog) ? changelogOf(readFileSync(changelog, 'utf8'), version) : '';
  const bytes = statSync(tarball).size;
  const unpacked = await examine(tarball, target);
  return {
    name,
    version,
    file,
    bytes,
    unpackedBytes: unpacked.bytes,
    integrity: `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`,
    notes,
    problems: [
      ...unpacked.problems,
      ...(notes === '' ? [`CHANGELOG.md has nothing about ${version}`] : []),
      ...problemsOfSize(name, bytes),
    ],
  };
}

/** @param {string} tarball @param {string} target */
async function examine(tarball, target) {
  const folder = mkdtempSync(join(target, 'unpacked-'));
  try {
    const run = await runCaptured('tar', ['-xzf', tarball, '-C', folder]);
    if (run.code !== 0) throw new SetupError(`tar cannot unpack ${tarball}:\n${run.output}`);
    const content = join(folder, 'package');
    return { problems: problemsOfPackage(content), bytes: bytesIn(content) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function bytesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/** @param {string} name @param {number} bytes */
function problemsOfSize(name, bytes) {
  const limit = tarballLimits[name];
  if (limit === undefined) return ['size-limits.mjs has no limit for its tarball'];
  return bytes <= limit * 1024
    ? []
    : [`the tarball has ${(bytes / 1024).toFixed(1)} KiB, the limit is ${limit}`];
}
