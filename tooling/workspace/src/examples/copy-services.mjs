import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryUrl } from '../release/repository.mjs';
import { root } from '../setup/paths.mjs';

/** Each uses those before it. */
const services = ['http-service', 'enrollment-service', 'notification-service'];

/**
 * Copies both example services, and the code that they share, into a folder of their own: a project with workspaces of
 * npm, whose packages of this repository come from the registry. Tests, which need the repository's tools, are left out.
 *
 * @param {string} target a folder that does not exist, or is empty
 * @throws Error when the folder is not empty
 */
export function copyServices(target) {
  mkdirSync(target, { recursive: true });
  if (readdirSync(target).length > 0) throw new Error(`${target} is not empty: name a new folder`);
  for (const service of services) copyService(service, join(target, service));
  writeJson(join(target, 'package.json'), {
    name: 'example-services',
    private: true,
    workspaces: services,
    scripts: { build: 'npm run build --workspaces' },
    devDependencies: toolVersions(['typescript', '@types/node']),
  });
  writeJson(join(target, 'tsconfig.json'), { compilerOptions: { ...compilerOptions(), declaration: true } });
}

/** @param {string} service @param {string} target */
function copyService(service, target) {
  const source = join(root, 'examples', service);
  cpSync(join(source, 'src'), join(target, 'src'), {
    recursive: true,
    filter: (file) => !/\.test(-support)?\.ts$/.test(file),
  });
  const readme = readFileSync(join(source, 'README.md'), 'utf8');
  writeFileSync(join(target, 'README.md'), readme.replaceAll('](../../', `](${repositoryUrl}/blob/main/`));
  const { devDependencies, scripts, exports, ...manifest } = readJson(join(source, 'package.json'));
  const types = Object.entries(devDependencies).filter(([name]) => name.startsWith('@types/'));
  const { '@openedx-ts/source': _, ...built } = exports['.'];
  writeJson(join(target, 'package.json'), {
    ...manifest,
    exports: { '.': built },
    scripts: { build: 'tsc -p .', ...(scripts.start === undefined ? {} : { start: scripts.start }) },
    dependencies: published(manifest.dependencies),
    devDependencies: Object.fromEntries(types),
  });
  writeJson(join(target, 'tsconfig.json'), {
    extends: '../tsconfig.json',
    compilerOptions: { rootDir: 'src', outDir: 'dist' },
    include: ['src'],
  });
}

/**
 * Dependencies with the versions of this repository's packages in place of `workspace:`.
 *
 * @param {Record<string, string>} dependencies
 */
function published(dependencies) {
  return Object.fromEntries(
    Object.entries(dependencies).map(([name, range]) => {
      if (!range.startsWith('workspace:')) return [name, range];
      if (name.startsWith('@openedx-ts/example-')) return [name, '*'];
      const { version } = readJson(join(root, 'packages', name.slice('@openedx-ts/'.length), 'package.json'));
      return [name, `^${version}`];
    }),
  );
}

/** @param {readonly string[]} names */
function toolVersions(names) {
  const { devDependencies } = readJson(join(root, 'package.json'));
  return Object.fromEntries(names.map((name) => [name, devDependencies[name]]));
}

function compilerOptions() {
  return readJson(join(root, 'tsconfig.base.json')).compilerOptions;
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** @param {string} file @param {unknown} value */
function writeJson(file, value) {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
