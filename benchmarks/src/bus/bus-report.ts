import type { Rates } from '../measure.js';
import { type Row, rateTable } from '../part.js';
import type { PythonPeer } from '../python-peer.js';
import { load, timing } from './bus-subjects.js';
import { type Latency, latencyTable } from './latency.js';

/** What was found out about a bus, as Markdown. */
export function busReport(
  python: PythonPeer,
  rates: Rates,
  rows: readonly Row[],
  latencies: ReadonlyMap<string, Latency>,
): string {
  return [
    `Median of ${timing.rounds} rounds.`,
    `Peer: ${python.about}.`,
    '',
    rateTable(rates, rows),
    '',
    latencyTable(latencies, load),
  ].join('\n');
}
