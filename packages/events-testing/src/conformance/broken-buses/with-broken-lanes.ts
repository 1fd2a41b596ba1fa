import type { BrokenBus } from './broken-bus.js';
import { lanedMemoryBus } from './laned-memory-bus.js';

/** Buses of which one partition can be stopped, and whose producers are wrong then. */
export function withBrokenLanes(): readonly BrokenBus[] {
  const name =
    'accepts events of the other lanes of a topic while one accepts none, and keeps the order of each';
  const bus = (title: string, fault: 'one-lane' | 'overtakes') => ({
    name: title,
    caughtBy: [name],
    harness: { ...lanedMemoryBus(fault), name: title, timeoutMs: 1_000 },
  });
  return [
    bus('keeps the events of all lanes waiting for one', 'one-lane'),
    bus('continues a lane behind an event that it refused', 'overtakes'),
  ];
}
