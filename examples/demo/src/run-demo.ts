import type { Environment, EventBusPlugin } from '@openedx-ts/events-core';
import { loadBus } from '@openedx-ts/events-core/operate';
import type { Outage } from './broker/outage.js';
import type { Progress } from './progress.js';
import type { OutboxFacts } from './services/outbox-services.js';
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
  /**
   * Publishes through an outbox, lets some enrolments fail, and stops the broker on the way where `outage` can. @defaultValue
   * false
   */
  readonly outbox?: boolean;
  /** Stops and starts the broker. @defaultValue it is not stopped */
  readonly outage?: Outage;
  /** Ends the demo early; the services are still stopped. */
  readonly abortSignal?: AbortSignal;
  /** Shows how far it is. @defaultValue to nobody */
  readonly progress?: Progress;
  /** How long nothing may arrive before what is missing counts as lost. @defaultValue 15000, with an outbox 60000 */
  readonly patienceMs?: number;
}

/** What came of the demo. */
export interface DemoResult {
  readonly bus: string;
  readonly tally: Tally;
  /** What the outbox was put through; undefined without one. */
  readonly outbox: OutboxFacts | undefined;
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
  const { events, env = {}, progress, outbox = false, outage } = options;
  const { patienceMs = outbox ? 60_000 : 15_000 } = options;
  const abortSignal = options.abortSignal ?? new AbortController().signal;
  const startedAt = performance.now();
  const bus = typeof options.bus === 'string' ? await loadBus(options.bus) : options.bus;
  const tally = new Tally({ onChange: (counts) => progress?.update(counts) });
  let outboxFacts: OutboxFacts | undefined;
  progress?.start(events);
  try {
    const processes = typeof options.bus === 'string' && options.bus !== 'memory';
    const how = { bus, processes, events, env, outbox, outage };
    outboxFacts = await runServices({ ...how, tally, abortSignal, patienceMs });
    if (!abortSignal.aborted) await replayWire({ tally, abortSignal, patienceMs });
  } finally {
    progress?.stop();
  }
  return { bus: bus.name, tally, outbox: outboxFacts, durationMs: Math.round(performance.now() - startedAt) };
}
