import { fileURLToPath } from 'node:url';
import { comparedRow, comparePath, repetitions } from '../paired/compare-path.js';
import { measuredPaths } from '../paired/measured-paths.js';
import { startPairedServers } from '../paired/paired-servers.js';
import type { Part } from '../part.js';

/** What metrics and spans cost, as CPU time of an event with them and without, on each way over a real broker. */
export const telemetryPart: Part = {
  run: async () => {
    const clone = fileURLToPath(new URL('../../..', import.meta.url));
    const chosen = Object.entries(measuredPaths).filter(
      ([, { part }]) => part === 'redis' || part === 'kafka',
    );
    await using started = await startPairedServers(new Set(chosen.map(([, { part }]) => part)));
    const { servers } = started;
    const rows: string[] = [];
    for (const [path, measured] of chosen) {
      for (const observed of ['metrics', 'spans'] as const) {
        const compared = await comparePath(measured, {
          before: { clone, path, servers, observed: 'nothing' },
          after: { clone, path, servers, observed },
        });
        rows.push(comparedRow(`${path}: ${named[observed]}`, compared));
      }
    }
    const { pairs, rounds } = repetitions;
    return [
      `CPU time of an event: ${pairs} pairs of processes, ${rounds} rounds each.\n`,
      '| path | without | with | ratio | 95 % interval |\n|---|---|---|---|---|',
      ...rows,
    ].join('\n');
  },
};

const named = { metrics: 'metrics', spans: 'metrics, and spans sampled at 10 %' } as const;
