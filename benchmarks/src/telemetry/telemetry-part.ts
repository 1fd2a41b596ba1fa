import { fileURLToPath } from 'node:url';
import { comparedRow, comparePath, repetitions } from '../paired/compare-path.js';
import { measuredPaths } from '../paired/measured-paths.js';
import { startPairedServers } from '../paired/paired-servers.js';
import type { Part } from '../part.js';
import { spanCosts } from './span-costs.js';

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
    const { send, process } = await spanCosts();
    return [
      `CPU time of an event: ${pairs} pairs of processes, ${rounds} rounds each.\n`,
      '| path | without | with | ratio | 95 % interval |\n|---|---|---|---|---|',
      ...rows,
      '',
      '| CPU time of a span, sampled at 10 %, in microseconds | ours | the calls of the SDK alone |\n|---|---|---|',
      ...[['of a send', send] as const, ['of processing an event', process] as const].map(
        ([what, { ours, sdk }]) => `| ${what} | ${ours.toFixed(2)} | ${sdk.toFixed(2)} |`,
      ),
    ].join('\n');
  },
};

const named = { metrics: 'metrics', spans: 'metrics, and spans sampled at 10 %' } as const;
