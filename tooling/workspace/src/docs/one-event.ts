import { Session } from 'node:inspector/promises';
import { setImmediate } from 'node:timers/promises';
import { eventBus, MemoryEventBusConsumer } from '@openedx-ts/event-bus-memory';
import { COURSE_CREATED } from '@openedx-ts/events-catalog/content-authoring/course-created';
import { route, startEventBus } from '@openedx-ts/events-core';

/**
 * Sends events as the README does and prints the source files of which a function ran for the second one: a JSON array of
 * URLs. The first event warms up, so that files that only set something up are not in the list.
 */
const toCourses = route(COURSE_CREATED, { topic: 'courses', eventKeyField: 'course.course_key' });
await using bus = await startEventBus({ bus: eventBus, routes: [toCourses] });
COURSE_CREATED.connect(() => {});
const consumer = await bus.createConsumer({ topics: ['courses'], groupId: 'search' });
const running = consumer.run();
await consumer.ready;

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true });
await sendOne();
await session.post('Profiler.takePreciseCoverage'); // starts to count anew
await sendOne();
const { result } = await session.post('Profiler.takePreciseCoverage');
await session.post('Profiler.stopPreciseCoverage');

const files = result
  .filter(({ functions }) => functions.some(({ ranges }) => (ranges[0]?.count ?? 0) > 0))
  .map(({ url }) => url);
process.stdout.write(`${JSON.stringify(files)}\n`);
await bus.close();
await running;

/** Resolves when the event is acknowledged and nothing more is to be done for it. */
async function sendOne(): Promise<void> {
  const acknowledged = nextAcknowledgement();
  await COURSE_CREATED.sendEvent({ course: { course_key: 'course-v1:edX+DemoX+2026' } });
  await acknowledged;
  for (let turns = 0; turns < 3; turns += 1) await setImmediate();
}

function nextAcknowledgement(): Promise<void> {
  const prototype = MemoryEventBusConsumer.prototype as unknown as Acknowledging;
  const acknowledge = prototype.acknowledge;
  return new Promise((resolve) => {
    prototype.acknowledge = async function (...args) {
      prototype.acknowledge = acknowledge;
      await acknowledge.apply(this, args);
      resolve();
    };
  });
}

interface Acknowledging {
  acknowledge(...args: unknown[]): unknown;
}
