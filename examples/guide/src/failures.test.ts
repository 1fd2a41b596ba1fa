import { MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { startEventBus } from '@openedx-ts/events-core';
import { isolateSignals } from '@openedx-ts/events-testing';
import { expect, it, vi } from 'vitest';
import { type Answer, connectMailingList, consumeAtOnce } from './failures.js';
import { enrollAndWait } from './send-and-route.js';

const courseKey = 'course-v1:edX+DemoX+2026';
const row = (email: string, course = courseKey) => ({
  userId: 7,
  username: 'ada',
  email,
  courseKey: course,
  createdAt: new Date('2026-01-02T03:04:05Z'),
});

it('a receiver of the guide decides by the answers it gets', async () => {
  using _signals = isolateSignals();
  const broker = new MemoryBroker({ partitions: 1 });
  await using bus = await startEventBus({ bus: memoryEventBus(broker) });
  const answers: Record<string, Answer[]> = {
    'busy@example.org': [{ status: 429, retryAfterMs: 5 }, { status: 204 }],
    'refused@example.org': [{ status: 422 }],
    'down@example.org': [{ status: 503 }, { status: 503 }, { status: 204 }],
    'last@example.org': [{ status: 204 }],
  };
  const asked: string[] = [];
  connectMailingList({
    courses: new Set([courseKey]),
    subscribe: async (email) => {
      asked.push(email);
      return answers[email]?.shift() ?? { status: 204 };
    },
  });
  const stop = new AbortController();
  const consuming = consumeAtOnce(bus, stop.signal);
  await vi.waitFor(async () => {
    await enrollAndWait(bus, row('first@example.org'));
    expect(asked).toContain('first@example.org');
  });
  await enrollAndWait(bus, row('other@example.org', 'course-v1:edX+Other+2026'));
  for (const email of Object.keys(answers)) await enrollAndWait(bus, row(email));
  await vi.waitFor(() => expect(asked).toContain('last@example.org'));
  stop.abort();
  await consuming;

  const times = (email: string) => asked.filter((one) => one === email).length;
  expect(Object.keys(answers).map(times)).toEqual([2, 1, 3, 1]);
  expect(times('other@example.org')).toBe(0);
  const deadLetters = broker.messages('learning-course-enrollment-lifecycle.mailing.dlq');
  expect(deadLetters).toHaveLength(1);
  expect(deadLetters[0]?.headers.map(([, value]) => String(value))).toContain('EVENTS_DEAD_LETTER_EVENT');
});
