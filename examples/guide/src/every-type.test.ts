import { MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { route, startEventBus } from '@openedx-ts/events-core';
import { isolateSignals } from '@openedx-ts/events-testing';
import { expect, it } from 'vitest';
import { VIDEO_WATCHED } from './every-type.js';

it('every type of a payload crosses a bus, also one of your own', async () => {
  using _signals = isolateSignals();
  const routes = [route(VIDEO_WATCHED, { topic: 'videos', eventKeyField: 'session.block' })];
  await using bus = await startEventBus({ bus: memoryEventBus(new MemoryBroker()), routes });
  const consumer = await bus.createConsumer({ topics: ['videos'], groupId: 'statistics' });
  const received = new Promise((resolve) => {
    VIDEO_WATCHED.connect(({ data, fromEventBus }) => {
      if (fromEventBus) resolve(data);
    });
  });
  void consumer.run();
  await consumer.ready;
  const session = {
    id: '0198c5a0-0000-7000-8000-000000000001',
    block: 'block-v1:edX+DemoX+2026+type@video+block@intro',
    viewer: 'ada',
    finished: false,
    plays: 0,
    speed: 1.25,
    poster: new Uint8Array([1, 2]),
    quality: 'high' as const,
    started: new Date('2026-01-02T03:04:05Z'),
    segments: [{ from: 0, to: 12.5 }],
    clicks: { pause: 2 },
    client: { app: 'web', versions: [1, 2] },
  };
  await VIDEO_WATCHED.sendEvent({ session });
  const got = (await received) as { session: Record<string, unknown> };
  expect(got.session).toMatchObject({
    plays: 0,
    finished: false,
    note: null,
    language: 'en',
    segments: [{ from: 0, to: 12.5 }],
    clicks: { pause: 2 },
    client: { app: 'web', versions: [1, 2] },
  });
  expect(String(got.session.block)).toBe(session.block);
});
