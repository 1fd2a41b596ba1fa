import { AssertionError } from 'node:assert';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MemoryBroker } from '@openedx-ts/event-bus-memory';
import type { OpenEdxPublicSignal, PayloadFields } from '@openedx-ts/events-core';
import { describeNearest } from './describe-mismatches.js';
import { type DataMatcher, dataMatcher } from './match-data.js';
import type { PartialData } from './partial-data.js';
import {
  type DeadLetteredEvent,
  deadLetteredEvents,
  type PublishedEvent,
  publishedEvents,
} from './published-events.js';
import { realTime } from './real-time.js';
import type { EventRecorder, WaitOptions } from './record-events.js';

/**
 * Asserts that a recorder has an event with this data among those that came so far.
 *
 * @throws AssertionError that shows where the nearest event differs
 * @throws InvalidDataError when the signal could never carry such data
 */
export function assertReceived<F extends PayloadFields>(
  recorder: EventRecorder<F>,
  expected: NoInfer<PartialData<F>> = {},
): void {
  const matcher = dataMatcher(recorder.signal, expected);
  if (recorder.events.some(({ data }) => matcher(data).length === 0)) return;
  throw failure(recorder.signal, 'received', recorder.events, matcher, expected);
}

/**
 * Resolves once a memory broker has an event of a signal with this data, on any topic; dead letters do not count.
 *
 * @returns the first such event
 * @throws AssertionError that shows where the nearest event differs, when none is there within `timeoutMs` (1000)
 * @throws InvalidDataError when the signal could never carry such data
 */
export function assertPublished<F extends PayloadFields>(
  broker: MemoryBroker,
  signal: OpenEdxPublicSignal<F>,
  expected: NoInfer<PartialData<F>> = {},
  options: WaitOptions = {},
): Promise<PublishedEvent<F>> {
  return waitFor(signal, 'published', expected, () => publishedEvents(broker, signal), options);
}

/**
 * Like `assertPublished`, among the dead letters of all groups.
 *
 * @returns the first such dead letter, with its code and group
 */
export function assertDeadLettered<F extends PayloadFields>(
  broker: MemoryBroker,
  signal: OpenEdxPublicSignal<F>,
  expected: NoInfer<PartialData<F>> = {},
  options: WaitOptions = {},
): Promise<DeadLetteredEvent<F>> {
  return waitFor(signal, 'dead-lettered', expected, () => deadLetteredEvents(broker, signal), options);
}

async function waitFor<F extends PayloadFields, E extends PublishedEvent<F>>(
  signal: OpenEdxPublicSignal<F>,
  done: string,
  expected: PartialData<F>,
  read: () => Promise<readonly E[]>,
  { timeoutMs = 1_000 }: WaitOptions,
): Promise<E> {
  const matcher = dataMatcher(signal, expected);
  const deadline = realTime.monotonic() + timeoutMs;
  for (;;) {
    const events = await read();
    const found = events.find(({ data }) => matcher(data).length === 0);
    if (found !== undefined) return found;
    if (realTime.monotonic() >= deadline) throw failure(signal, done, events, matcher, expected);
    await nextTurn();
  }
}

function failure(
  { eventType }: { readonly eventType: string },
  done: string,
  events: readonly { readonly data: unknown }[],
  matcher: DataMatcher,
  expected: unknown,
): AssertionError {
  return new AssertionError({
    message: `no event of ${eventType} with the expected data was ${done}; ${events.length} of this type were${describeNearest(events, matcher)}`,
    actual: events.map(({ data }) => data),
    expected,
    operator: done,
  });
}
