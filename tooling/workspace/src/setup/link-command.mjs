import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

/** Makes `npx openedx-events` run the clone's own command: npx looks into this folder before it asks a registry. */
export function linkCommand() {
  const folder = join(root, 'node_modules', '.bin');
  mkdirSync(folder, { recursive: true });
  const command = join(folder, 'openedx-events');
  writeFileSync(command, "#!/usr/bin/env node\nimport('../../tooling/workspace/openedx-events.mjs');\n");
  chmodSync(command, 0o755);
  if (process.platform === 'win32') {
    const script = '%~dp0\\..\\..\\tooling\\workspace\\openedx-events.mjs';
    writeFileSync(`${command}.cmd`, `@node "${script}" %*\r\n`);
  }
}
