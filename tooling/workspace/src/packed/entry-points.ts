import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { readManifest } from './public-packages.js';

/** Every specifier under which an installed package can be imported, patterns filled in; `package.json` aside. */
export function entryPoints(installed: string): string[] {
  const { name, exports } = readManifest(installed);
  const files = filesOf(installed).map((file) => `./${file}`);
  return Object.entries(exports).flatMap(([subpath, target]) => {
    const file = typeof target === 'string' ? target : target?.default;
    if (file === undefined || file.endsWith('.json')) return [];
    const stars = file.includes('*') ? starsOf(file, files) : [''];
    if (stars.length === 0) throw new Error(`${name} exports ${subpath}, and no file of it fits`);
    return stars.map((star) => `${name}${subpath.slice(1).replace('*', star)}`);
  });
}

/** Paths of all files of a folder, relative to it, with forward slashes. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function starsOf(pattern: string, files: string[]): string[] {
  const [before = '', after = ''] = pattern.split('*');
  return files
    .filter((file) => file.startsWith(before) && file.endsWith(after))
    .map((file) => file.slice(before.length, file.length - after.length));
}
