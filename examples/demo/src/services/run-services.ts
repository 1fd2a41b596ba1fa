import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment, EventBusPlugin } from '@openedx-ts/events-core';
import type { Tally } from '../tally.js';
import { waitUntilDelivered } from '../wait-until-delivered.js';
import { checkPreferences } from './check-preferences.js';
import type { EventBook } from './event-book.js';
import { readLearners } from './learners.js';
import { planSteps, type Step } from './plan.js';
import { sendSteps } from './send-steps.js';
import type { Services } from './services.js';
import { startServiceProcesses } from './start-service-processes.js';
import { startServices } from './start-services.js';
import { waitUntilReady } from './wait-until-ready.js';

/** Lets enrollment-service enrol learners and notification-service hear of it; books what both did. */
export async function runServices(options: RunServicesOptions): Promise<void> {
  const { bus, events, env, processes, tally } = options;
  const steps = planSteps(await readLearners(), events);
  const book: EventBook = {
    sent: (event) => tally.send(bus.name, event),
    delivered: (event) => tally.deliver(event),
  };
  const services = processes
    ? await startServiceProcesses({ bus: bus.name, env, book })
    : await startServices({ bus, env, book });
  try {
    await Promise.race([exchange(services, steps, options), services.died]).catch(async (error) => {
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
  readonly tally: Tally;
  readonly abortSignal: AbortSignal;
  readonly patienceMs: number;
}

async function exchange(
  { enrollmentUrl, notificationUrl }: Services,
  steps: readonly Step[],
  { bus, tally, abortSignal, patienceMs }: RunServicesOptions,
): Promise<void> {
  // On Kafka a topic is there with its first event, and its consumer ready with its topic. Nothing is lost to that: the
  // group starts at the oldest event.
  const early = bus.name === 'kafka' ? 1 : 0;
  await sendSteps(enrollmentUrl, steps.slice(0, early), abortSignal);
  await waitUntilReady(notificationUrl, { patienceMs, abortSignal });
  await sendSteps(enrollmentUrl, steps.slice(early), abortSignal);
  await waitUntilDelivered(tally, { expected: steps.length, patienceMs, abortSignal });
  if (abortSignal.aborted) return;
  if (tally.sent < steps.length) tally.mismatch(`${steps.length} changes made ${tally.sent} events`);
  await checkPreferences(notificationUrl, steps, tally);
}
