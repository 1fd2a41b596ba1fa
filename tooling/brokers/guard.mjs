// Ends servers whose test process is gone, however it went. Its stdin is a pipe that only the test process holds open:
// when that closes, everything still on the list is cleaned up. Lines on stdin are JSON:
//   {"key":"…","pid":123}   {"key":"…","folder":"/tmp/…"}   {"key":"…","command":["docker","rm",…]}   {"key":"…"} (done)
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** @typedef {{ key: string, pid?: number, folder?: string, command?: string[] }} Entry */

/** @type {Map<string, Entry>} */
const entries = new Map();

// A Ctrl-C is for the test process; this one ends after it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  /** @type {Entry} */
  const entry = JSON.parse(line);
  if (entry.pid || entry.folder || entry.command) entries.set(entry.key, entry);
  else entries.delete(entry.key);
}

for (const { pid } of entries.values()) {
  if (pid) attempt(() => process.kill(pid, 'SIGKILL'));
}
for (const { command: [program, ...args] = [] } of entries.values()) {
  if (program) spawnSync(program, args, { stdio: 'ignore', timeout: 30_000 });
}
for (const { folder } of entries.values()) {
  if (folder) attempt(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
}

/** @param {() => void} what */
function attempt(what) {
  try {
    what();
  } catch {
    // Already gone.
  }
}
