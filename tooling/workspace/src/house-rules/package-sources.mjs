import { repositoryFiles } from './repository-files.mjs';

/**
 * The sources of the packages without their tests, relative to the root.
 * @returns {string[]}
 */
export function packageSources() {
  return repositoryFiles().filter(
    (file) => /^packages\/[^/]+\/src\/.*\.ts$/.test(file) && !/\.test(-d)?\.ts$/.test(file),
  );
}
