// node tooling/workspace/src/docs/files-of-one-event.mjs: prints the files that ARCHITECTURE.md has to name.
import { coreFilesOfOneEvent } from './core-files-of-one-event.mjs';

for (const file of await coreFilesOfOneEvent()) process.stdout.write(`${file}\n`);
