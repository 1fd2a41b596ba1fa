import { MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { startEventBus } from '@openedx-ts/events-core';
import { eventFactory, isolateSignals, recordEvents } from '@openedx-ts/events-testing';
import { expect, it, vi } from 'vitest';
import { connectPreferences, connectPreferencesFromBus, consume } from './consume.js';
import { enrollAndWait, start } from './send-and-route.js';
import { startWithOwnEvents } from './start-with-own-events.js';

const row = {
  userId: 7,
  username: 'ada',
  email: 'ada@example.org',
  courseKey: 'course-v1:edX+DemoX+2026',
  createdAt: new Date('2026-01-02T03:04:05Z'),
};

it('the code of the guide carries an enrolment into a preference, and stops when it is asked to', async () => {
  using _signals = isolateSignals();
  await using bus = await startEventBus({ bus: memoryEventBus(new MemoryBroker()) });
  const preferences = new Set<string>();
  connectPreferences({ add: async (username) => void preferences.add(username) });
  using events = recordEvents(COURSE_ENROLLMENT_CREATED);
  const stop = new AbortController();
  const consuming = consume(bus, stop.signal);

  // A new group starts with events sent after it was created, which the test cannot observe; adding twice is the same as once.
  await vi.waitFor(async () => {
    expect(await enrollAndWait(bus, row)).toMatch(/^\d:\d+$/);
    expect(events.events).not.toEqual([]);
  });
  const { metadata } = await events.next();
  expect(metadata.time.iso).toBe('2026-01-02T03:04:05+00:00');
  stop.abort();
  await consuming;
  expect([...preferences]).toEqual(['ada']);
});

it('a process that consumes what it sends acts on what comes from the bus alone', async () => {
  using _signals = isolateSignals();
  const added: string[] = [];
  connectPreferencesFromBus({ add: async (username) => void added.push(username) });
  await COURSE_ENROLLMENT_CREATED.sendEvent(eventFactory(COURSE_ENROLLMENT_CREATED, { seed: 1 }).build());
  expect(added).toEqual([]);
  await using bus = await startEventBus({ bus: memoryEventBus(new MemoryBroker()) });
  const stop = new AbortController();
  const consuming = consume(bus, stop.signal);
  await vi.waitFor(async () => {
    await enrollAndWait(bus, row);
    expect(added).toContain('ada');
  });
  stop.abort();
  await consuming;
});

it('a service starts without a bus where the environment names none', async () => {
  await using bus = await start();
  expect(bus.producer).toBeUndefined();
});

it('a service finds one event of the catalogue and one of its own, which only the configuration names', async () => {
  using _signals = isolateSignals();
  const routed = (field: string) => ({ topic: { event_key_field: field, enabled: true } });
  const config = {
    'org.openedx.content_authoring.course.created.v1': routed('course.course_key'),
    'com.example.library.loan.extended.v1': routed('loan.isbn'),
  };
  vi.stubEnv('EVENT_BUS_PRODUCER_CONFIG', JSON.stringify(config));
  await using bus = await startWithOwnEvents(memoryEventBus(new MemoryBroker()));
  vi.unstubAllEnvs();
  expect(bus.routes.map(({ signal }) => signal.eventType)).toEqual(Object.keys(config));
});
