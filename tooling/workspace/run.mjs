#!/usr/bin/env node
// The workspace's commands for a machine that has Node and npm and nothing else: `npm test`, `npm run demo`, …
import './src/setup/require-node.mjs';

const { SetupError } = await import('./src/setup/setup-error.mjs');
const { commands } = await import('./src/commands.mjs');

const [name = '', ...args] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) {
  process.stderr.write(`Usage: run.mjs ${Object.keys(commands).join('|')} [arguments]\n`);
  process.exit(2);
}

try {
  process.exitCode = await command(args);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}
