import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { repositoryUrl } from './repository.mjs';

/**
 * Why an unpacked package must not be published.
 *
 * @param {string} folder with the content of its tarball
 * @returns {readonly string[]} empty: it may
 */
export function problemsOfPackage(folder) {
  const files = filesOf(folder);
  const missing = ['LICENSE', 'README.md', 'package.json'].filter((file) => !files.includes(file));
  if (missing.length > 0) return [`${missing.join(', ')} not packed`];
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return [
    ...files.filter((file) => testFile.test(file)).map((file) => `${file} is packed, and only tests use it`),
    ...missingTargets(manifest, folder).map((file) => `package.json names ${file}, which is not packed`),
    ...problemsOfManifest(manifest),
    ...relativeLinks(folder).map((link) => `README.md links to ${link}: use the absolute address`),
  ];
}

const testFile =
  /\.(test|test-d|test-support|brokers|package|bench|spec)\.|(^|\/)(fixtures?|__tests__|broken-buses)\/|tsbuildinfo|vectors\.jsonl/;

/** @param {Record<string, any>} manifest @returns {string[]} */
function problemsOfManifest(manifest) {
  const { dependencies, peerDependencies, optionalDependencies, publishConfig, repository, scripts } =
    manifest;
  const ranges = Object.entries({ ...dependencies, ...peerDependencies, ...optionalDependencies });
  const installs = ['preinstall', 'install', 'postinstall', 'prepare'].filter(
    (name) => name in (scripts ?? {}),
  );
  return [
    ...ranges
      .filter(([, range]) => /^(workspace|file|link|git|https?):/.test(String(range)))
      .map(([name, range]) => `depends on ${name} by ${range}: users have no such place`),
    ...installs.map((name) => `has a script "${name}", which would run on the machines of users`),
    ...(repository?.url === `git+${repositoryUrl}.git`
      ? []
      : [`repository.url is not ${repositoryUrl}: provenance would be refused`]),
    ...(publishConfig?.provenance === true && publishConfig?.access === 'public'
      ? []
      : ['publishConfig lacks "access": "public" or "provenance": true']),
  ];
}

/** Targets of `exports` and `bin`, patterns apart. @param {Record<string, any>} manifest @param {string} folder */
function missingTargets({ exports, bin, publishConfig }, folder) {
  const targets = [...strings(exports), ...strings(bin), ...strings(publishConfig?.bin)];
  return targets.filter((target) => !target.includes('*') && !existsSync(join(folder, target)));
}

/** @param {unknown} value @returns {string[]} */
function strings(value) {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

/** @param {string} folder */
function relativeLinks(folder) {
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  return [...text.matchAll(/\]\((?!https?:|#)([^)\s]+)\)/g)].map(([, link]) => link);
}

/** @param {string} folder @returns {string[]} */
function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !file.startsWith('node_modules/'));
}
