import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../setup/paths.mjs';

/** What decides the next versions. */
const versioned = ['.changeset', 'package.json', 'pnpm-workspace.yaml', '*/package.json'];

/**
 * Copies what `changeset version` reads and writes to an empty folder.
 *
 * @param {string} target
 */
export function copyManifests(target) {
  copyTracked(target, versioned);
  execFileSync('git', ['init', '--quiet', '--initial-branch=main'], { cwd: target });
}

/**
 * Copies what is published as well: the packages with what was built, and links to their siblings, from which pnpm reads
 * their versions.
 *
 * @param {string} target
 */
export function copyPackages(target) {
  copyManifests(target);
  copyTracked(target, ['packages', 'LICENSE']);
  for (const name of readdirSync(join(root, 'packages'))) {
    const folder = join('packages', name);
    const built = join(root, folder, 'dist');
    if (existsSync(built)) cpSync(built, join(target, folder, 'dist'), { recursive: true });
    linkSiblings(join(root, folder), join(target, folder));
  }
}

/** @param {string} from @param {string} to */
function linkSiblings(from, to) {
  const scope = join('node_modules', '@openedx-ts');
  if (!existsSync(join(from, scope))) return;
  mkdirSync(join(to, scope), { recursive: true });
  for (const sibling of readdirSync(join(from, scope))) {
    symlinkSync(readlinkSync(join(from, scope, sibling)), join(to, scope, sibling));
  }
}

/** @param {string} target @param {readonly string[]} patterns of git */
function copyTracked(target, patterns) {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', ...patterns];
  const files = execFileSync('git', args, { cwd: root, maxBuffer: 64 * 1024 * 1024 })
    .toString()
    .split('\0');
  for (const file of files.filter((path) => path !== '' && existsSync(join(root, path)))) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(root, file), join(target, file));
  }
}
