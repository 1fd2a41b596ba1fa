import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment, EventBusPlugin } from '@openedx-ts/events-core';
import type { Outage } from '../broker/outage.js';
import type { Tally } from '../tally.js';
import { waitUntilDelivered } from '../wait-until-delivered.js';
import { checkPreferences } from './check-preferences.js';
import type { EventBook } from './event-book.js';
import { readLearners } from './learners.js';
import { type OutboxFacts, sendThroughOutage, withOutbox } from './outbox-services.js';
import { planSteps, type Step } from './plan.js';
import { sendSteps } from './send-steps.js';
import type { Services } from './services.js';
import { startServiceProcesses } from './start-service-processes.js';
import { startServices } from './start-services.js';
import { waitUntilReady } from './wait-until-ready.js';

/**
 * Lets enrollment-service enrol learners and notification-service hear of it; books what both did.
 *
 * @returns what the outbox was put through; undefined without one
 */
export async function runServices(options: RunServicesOptions): Promise<OutboxFacts | undefined> {
  const { bus, events, outbox, processes, tally } = options;
  const env = outbox ? withOutbox(options.env) : options.env;
  const steps = planSteps(await readLearners(), events);
  const book: EventBook = {
    sent: (event) => tally.send(bus.name, event),
    dropped: () => tally.drop(),
    delivered: (event) => tally.deliver(event),
  };
  const services = processes
    ? await startServiceProcesses({ bus: bus.name, env, book })
    : await startServices({ bus, env, book });
  try {
    return await Promise.race([exchange(services, steps, options), services.died]).catch(async (error) => {
      // A request fails a moment before it is known that its service is dead.
      await Promise.race([services.died, sleep(500)]);
      throw error;
    });
  } finally {
    await services.close();
  }
}

interface RunServicesOptions {
  readonly bus: EventBusPlugin;
  /** Whether each service is a process of its own. */
  readonly processes: boolean;
  readonly events: number;
  readonly env: Environment;
  /** Whether enrollment-service publishes through an outbox. */
  readonly outbox: boolean;
  /** Stops the broker on the way, with an outbox. */
  readonly outage: Outage | undefined;
  readonly tally: Tally;
  readonly abortSignal: AbortSignal;
  readonly patienceMs: number;
}

async function exchange(
  { enrollmentUrl, notificationUrl }: Services,
  steps: readonly Step[],
  options: RunServicesOptions,
): Promise<OutboxFacts | undefined> {
  const { bus, tally, outbox, abortSignal, patienceMs } = options;
  // On Kafka a topic is there with its first event, and its consumer ready with its topic. Nothing is lost to that: the
  // group starts at the oldest event.
  const early = bus.name === 'kafka' ? 1 : 0;
  await sendSteps(enrollmentUrl, steps.slice(0, early), abortSignal);
  await waitUntilReady(notificationUrl, { patienceMs, abortSignal });
  const rest = steps.slice(early);
  const facts = outbox ? await sendThroughOutage(enrollmentUrl, rest, options) : undefined;
  if (!outbox) await sendSteps(enrollmentUrl, rest, abortSignal);
  await waitUntilDelivered(tally, { expected: steps.length, patienceMs, abortSignal });
  if (abortSignal.aborted) return facts;
  if (tally.sent < steps.length) tally.mismatch(`${steps.length} changes made ${tally.sent} events`);
  if (facts !== undefined && facts.failed !== tally.dropped)
    tally.mismatch(`${facts.failed} enrolments failed and ${tally.dropped} events were dropped`);
  await checkPreferences(notificationUrl, steps, tally);
  return facts;
}
