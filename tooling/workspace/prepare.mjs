import { rmSync } from 'node:fs';

// Runs after every `npm install` and `pnpm install` in the clone (the script `prepare` of package.json).
// It must not fail: where the command cannot be linked, everything else still works.
try {
  // tsc does not notice that a module can be found since, and repeats its old errors.
  rmSync(new URL('../../.cache/types.tsbuildinfo', import.meta.url), { force: true });
  const { linkCommand } = await import('./src/setup/link-command.mjs');
  linkCommand();
} catch (error) {
  process.stderr.write(`npx openedx-events is not available in this clone: ${error}\n`);
}
