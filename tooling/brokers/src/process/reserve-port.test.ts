import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repositoryCache } from './repository-cache.js';
import { reservePort } from './reserve-port.js';

/** Below the ports that servers get. */
const port = 19_000;
const file = join(repositoryCache(), 'ports', String(port));

it('gives a port to one process as long as that runs, and to the next when it has ended', () => {
  expect(reservePort(port)).toBe(true);
  expect(reservePort(port)).toBe(false);
  const ended = spawnSync(process.execPath, ['-e', 'console.log(process.pid)'], { encoding: 'utf8' });
  writeFileSync(file, ended.stdout.trim());
  expect(reservePort(port)).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe(String(process.pid));
});
