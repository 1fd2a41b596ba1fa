import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/paths.mjs';

/**
 * Where the repository is published. The address is in one place, `repository` of the root's package.json: to move it,
 * change it there and replace the old address in the other package.json files and in the READMEs of packages. A test
 * finds what was forgotten.
 */
export const repositoryUrl = readRepositoryUrl();

/** What a link to a file or folder of the repository starts with. */
export const repositoryLink = new RegExp(`${repositoryUrl.replaceAll('.', '\\.')}/(?:blob|tree)/main/`);

function readRepositoryUrl() {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return String(repository.url)
    .replace(/^git\+/, '')
    .replace(/\.git$/, '');
}
