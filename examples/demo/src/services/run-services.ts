import { recordToJson } from '@openedx-ts/events-avro';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { COURSE_UNENROLLMENT_COMPLETED } from '@openedx-ts/events-catalog/learning/course-unenrollment-completed';
import {
  type Environment,
  type EventBusPlugin,
  metadataToJson,
  type SignalEvent,
} from '@openedx-ts/events-core';
import { notificationGroup } from '@openedx-ts/example-notification-service';
import type { Tally } from '../tally.js';
import { waitUntilDelivered } from '../wait-until-delivered.js';
import { checkPreferences } from './check-preferences.js';
import { readLearners } from './learners.js';
import { planSteps } from './plan.js';
import { sendSteps } from './send-steps.js';
import { startServices } from './start-services.js';
import { waitUntilReady } from './wait-until-ready.js';

/** Lets enrollment-service enrol learners and notification-service hear of it; books what both did. */
export async function runServices(options: {
  readonly bus: EventBusPlugin;
  readonly events: number;
  readonly env: Environment;
  readonly tally: Tally;
  readonly abortSignal: AbortSignal;
  readonly patienceMs: number;
}): Promise<void> {
  const { bus, events, env, tally, abortSignal, patienceMs } = options;
  const steps = planSteps(await readLearners(), events);
  const services = await startServices({ bus, env });
  const stopWatching = new AbortController();
  try {
    watch(bus.name, tally, stopWatching.signal);
    await waitUntilReady(services.notificationUrl, { patienceMs, abortSignal });
    await sendSteps(services.enrollmentUrl, steps, abortSignal);
    await waitUntilDelivered(tally, { patienceMs, abortSignal });
    if (!abortSignal.aborted) await checkPreferences(services.notificationUrl, steps, tally);
  } finally {
    await services.close();
    stopWatching.abort();
  }
}

/** Books the events of both services: as enrollment-service sends them, and after notification-service received them. */
function watch(over: string, tally: Tally, abortSignal: AbortSignal): void {
  const book = ({ signal, data, metadata, delivery }: Pick<SignalEvent, 'metadata' | 'delivery'> & Sent) => {
    const event = { metadata: metadataToJson(metadata), data: recordToJson(signal, data) };
    if (delivery === null) tally.send(over, event);
    else if (delivery.groupId === notificationGroup) tally.deliver(event);
  };
  COURSE_ENROLLMENT_CREATED.connect(book, { name: 'demo', abortSignal });
  COURSE_UNENROLLMENT_COMPLETED.connect(book, { name: 'demo', abortSignal });
}

type Sent = { readonly signal: Parameters<typeof recordToJson>[0]; readonly data: object };
