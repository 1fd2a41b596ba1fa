#!/usr/bin/env node
// The command `openedx-events` of this clone, in the working directory of its caller. Installs and builds what is missing.
import './src/setup/require-node.mjs';

const { SetupError } = await import('./src/setup/setup-error.mjs');
const { builtCommand } = await import('./src/setup/built-command.mjs');

try {
  const { path, url } = await builtCommand();
  process.argv[1] = path; // the command looks for buses from the folder of its script
  await import(url);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}
