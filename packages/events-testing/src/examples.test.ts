import { MemoryBroker, MemoryEventBusProducer } from '@openedx-ts/event-bus-memory';
import { defineSignal, long, record, route, string } from '@openedx-ts/events-core';
import { connectRoutes } from '@openedx-ts/events-core/bus';
import { expect, it } from 'vitest';
import { assertPublished, eventFactory, faultyProducer, isolateSignals, recordEvents } from './index.js';
import { eventMatchers } from './vitest/index.js';

const GRADED = defineSignal({
  eventType: 'org.openedx.testing.readme.graded.v1',
  data: { grade: record('ReadmeGrade', { user: string(), points: long() }) },
});

async function gradeExam(user: string, points: number) {
  await GRADED.sendEvent({ grade: { user, points } });
}

// #region record
it('reports every grade', async () => {
  using _signals = isolateSignals(); // registry, receivers, switches and settings come back at the end
  using events = recordEvents(GRADED);

  await gradeExam('ada', 97);

  const { data } = await events.next(); // typed; rejects when nothing comes within a second
  expect(data.grade.points).toBe(97);
  await events.matching({ grade: { user: 'ada' } });
});
// #endregion record

// #region publish
it('publishes every grade, even twice', async () => {
  using _signals = isolateSignals();
  const broker = new MemoryBroker();
  const producer = faultyProducer(new MemoryEventBusProducer({ broker }), ['duplicate']);
  connectRoutes(producer, [route(GRADED, { topic: 'grades', eventKeyField: 'grade.user' })]);

  await GRADED.sendEvent(eventFactory(GRADED, { seed: 1 }).build({ grade: { user: 'ada' } }));
  await assertPublished(broker, GRADED, { grade: { user: 'ada' } });
  await producer.flush();
  expect(broker.messages('grades')).toHaveLength(2); // your consumers had better not mind
});
// #endregion publish

// #region matchers
expect.extend(eventMatchers);

it('speaks vitest', async () => {
  using _signals = isolateSignals({ enabled: [GRADED] });
  using events = recordEvents(GRADED);
  await gradeExam('bob', 12);
  expect(events).toHaveReceived({ grade: { user: 'bob' } });
  expect(events).not.toHaveReceived({ grade: { points: 97 } });
});
// #endregion matchers
