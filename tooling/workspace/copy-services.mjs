#!/usr/bin/env node
// Copies the example services out of the repository: `node tooling/workspace/copy-services.mjs ../services`.
import { resolve } from 'node:path';
import { copyServices } from './src/examples/copy-services.mjs';

const [target] = process.argv.slice(2);
if (target === undefined) {
  process.stderr.write('Usage: copy-services.mjs FOLDER\n');
  process.exit(2);
}
copyServices(resolve(target));
process.stdout.write(
  `Next: cd ${target} && npm install && npm run build, then start a service: see its README.md\n`,
);
