import type { Environment, EventBusPlugin } from '@openedx-ts/events-core';
import { loadBus } from '@openedx-ts/events-core/operate';
import type { Progress } from './progress.js';
import { runServices } from './services/run-services.js';
import { Tally } from './tally.js';
import { replayWire } from './wire/replay-wire.js';

/** Options of the demo. */
export interface DemoOptions {
  /**
   * The bus between the services, or the name of one. With a name other than `memory`, each service is a process of its
   * own.
   */
  readonly bus: EventBusPlugin | string;
  /** Enrolments and unenrolments to make. */
  readonly events: number;
  /** The environment with the settings of the bus. @defaultValue nothing */
  readonly env?: Environment;
  /** Ends the demo early; the services are still stopped. */
  readonly abortSignal?: AbortSignal;
  /** Shows how far it is. @defaultValue to nobody */
  readonly progress?: Progress;
  /** How long nothing may arrive before what is missing counts as lost. @defaultValue 15000 */
  readonly patienceMs?: number;
}

/** What came of the demo. */
export interface DemoResult {
  readonly bus: string;
  readonly tally: Tally;
  readonly durationMs: number;
}

/**
 * Lets the two services exchange events over the bus, then lets a consumer read what Python services once put on the
 * wire. Everything it started is closed when it resolves or rejects.
 *
 * @throws BusLoadError when there is no such bus, and what the services throw when they cannot start
 * @throws ServiceDied when a service that is a process of its own ends by itself
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { events, env = {}, progress, patienceMs = 15_000 } = options;
  const abortSignal = options.abortSignal ?? new AbortController().signal;
  const startedAt = performance.now();
  const bus = typeof options.bus === 'string' ? await loadBus(options.bus) : options.bus;
  const tally = new Tally({ onChange: (counts) => progress?.update(counts) });
  progress?.start(events);
  try {
    const processes = typeof options.bus === 'string' && options.bus !== 'memory';
    await runServices({ bus, processes, events, env, tally, abortSignal, patienceMs });
    if (!abortSignal.aborted) await replayWire({ tally, abortSignal, patienceMs });
  } finally {
    progress?.stop();
  }
  return { bus: bus.name, tally, durationMs: Math.round(performance.now() - startedAt) };
}
