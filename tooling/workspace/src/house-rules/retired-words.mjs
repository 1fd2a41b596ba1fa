// node tooling/workspace/src/house-rules/retired-words.mjs [path…]: prints every retired word, and their number.
import { relative, resolve } from 'node:path';
import { root } from '../setup/paths.mjs';
import { retiredWordsInRepository } from './retired-words-in-repository.mjs';

const paths = process.argv.slice(2).map((path) => relative(root, resolve(path)));
const found = (paths.length === 0 ? [''] : paths).flatMap((path) => retiredWordsInRepository(path));
for (const line of found) process.stdout.write(`${line}\n`);
process.stdout.write(`${found.length} retired words\n`);
process.exitCode = found.length === 0 ? 0 : 1;
