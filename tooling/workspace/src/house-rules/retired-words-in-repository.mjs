import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/paths.mjs';
import { findRetiredWords } from './find-retired-words.mjs';
import { repositoryFiles } from './repository-files.mjs';

/** Text that nobody wrote here, and the rule itself. */
const notScanned = [
  /^interop\/data\//,
  /^tooling\/reliability\/results\//,
  /^tooling\/workspace\/src\/house-rules\/find-retired-words/,
  /^pnpm-lock\.yaml$/,
  /^LICENSE$/,
  /\.(?:avsc|jsonl)$/,
];

/**
 * The retired words in names and texts of files.
 * @param {string} [under] a file or folder, relative to the root; default: the whole repository
 * @returns {string[]} `file:line: word`; line 0 is the name of the file
 */
export function retiredWordsInRepository(under = '') {
  const files = repositoryFiles().filter(
    (file) => (under === '' || file === under || file.startsWith(`${under}/`)) && !isExcepted(file),
  );
  return files.flatMap((file) => [
    ...findRetiredWords(file.replaceAll(/[/.]/g, '\n')).map(({ word }) => `${file}:0: ${word}`),
    ...findRetiredWords(readFileSync(join(root, file), 'utf8')).map(
      ({ line, word }) => `${file}:${line}: ${word}`,
    ),
  ]);
}

/** @param {string} file */
function isExcepted(file) {
  return notScanned.some((pattern) => pattern.test(file));
}
