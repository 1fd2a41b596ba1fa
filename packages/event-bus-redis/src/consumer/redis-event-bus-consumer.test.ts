import { configureEvents, type Logger } from '@openedx-ts/events-core';
import { expect, it, onTestFinished, vi } from 'vitest';
import { RedisEventBusConsumer } from './redis-event-bus-consumer.js';

it('logs nothing about pending entries when it stops before it has ever reached Redis', async () => {
  const warn = vi.fn<Logger['warn']>();
  const logger: Logger = { debug: () => {}, info: () => {}, warn, error: () => {} };
  const configured = configureEvents({ logger });
  onTestFinished(() => configured[Symbol.dispose]());
  const consumer = new RedisEventBusConsumer({
    url: 'redis://127.0.0.1:1', // nothing listens there
    topics: ['orders'],
    groupId: 'billing',
  });
  const running = consumer.run();
  await vi.waitUntil(() => warn.mock.calls.length > 0);
  await consumer.close();
  await running;
  expect(warn.mock.calls.map(([, message]) => message)).toEqual([
    expect.stringMatching(/nothing can be received/),
  ]);
});
