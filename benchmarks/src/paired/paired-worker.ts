import { loadBuiltPackages } from './built-packages.js';
import { measuredPaths } from './measured-paths.js';
import type { Observed } from './observe-events.js';
import type { Servers } from './servers.js';

/** What a worker measures, as JSON in its only argument. */
export interface WorkerTask {
  /** The folder of a built clone. */
  readonly clone: string;
  /** A name of `measuredPaths`. */
  readonly path: string;
  readonly servers: Servers;
  /** @defaultValue nothing */
  readonly observed?: Observed;
}

// A process of its own for one build and one path. The parent sends numbers of events; each is answered with the CPU
// time of this process for them, in microseconds.
const { clone, path, servers, observed = 'nothing' } = JSON.parse(process.argv[2] ?? '') as WorkerTask;
const measured = measuredPaths[path];
if (measured === undefined) throw new Error(`There is no path ${path}.`);
// Loaded only where it is wanted: what a process has loaded can change its figures.
if (observed !== 'nothing') await (await import('./observe-events.js')).observeEvents(clone, observed);
const run = await measured.prepare(await loadBuiltPackages(clone), servers);

process.on('message', (events: number) => {
  void measure(events).then((microseconds) => process.send?.(microseconds));
});
process.once('disconnect', () => process.exit());
process.send?.('ready');

async function measure(events: number): Promise<number> {
  globalThis.gc?.();
  const before = process.cpuUsage();
  await run(events);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
