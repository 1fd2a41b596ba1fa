import { AssertionError } from 'node:assert';
import { MemoryBroker, MemoryEventBusConsumer, MemoryEventBusProducer } from '@openedx-ts/event-bus-memory';
import { avroCodec } from '@openedx-ts/events-avro';
import { defineSignal, InvalidDataError, long, record, route, string } from '@openedx-ts/events-core';
import { connectRoutes } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertDeadLettered, assertPublished, assertReceived } from './assert-events.js';
import { type IsolatedSignals, isolateSignals } from './isolate-signals.js';
import { deadLetteredEvents, publishedEvents } from './published-events.js';
import { recordEvents } from './record-events.js';

const definition = {
  eventType: 'org.openedx.testing.asserted.graded.v1',
  data: { grade: record('AssertedGrade', { user: string(), points: long() }) },
} as const;
const other = { ...definition, eventType: 'org.openedx.testing.asserted.other.v1' } as const;

let scope: IsolatedSignals;
beforeEach(() => {
  scope = isolateSignals({ runtime: { dispatch: 'robust' } });
});
afterEach(() => scope.restore());

function routed() {
  const GRADED = defineSignal(definition);
  const OTHER = defineSignal(other);
  const broker = new MemoryBroker();
  const producer = new MemoryEventBusProducer({ broker });
  connectRoutes(producer, [
    route(GRADED, { topic: 'grades', eventKeyField: 'grade.user' }),
    route(OTHER, { topic: 'grades', eventKeyField: 'grade.user' }),
  ]);
  return { GRADED, OTHER, broker, producer };
}

describe('assertReceived', () => {
  it('accepts any event with the data', async () => {
    const GRADED = defineSignal(definition);
    using recorder = recordEvents(GRADED);
    await GRADED.sendEvent({ grade: { user: 'ada', points: 7 } });
    await GRADED.sendEvent({ grade: { user: 'bob', points: 8 } });
    assertReceived(recorder);
    assertReceived(recorder, { grade: { user: 'ada' } });
    assertReceived(recorder, { grade: { user: 'bob', points: 8 } });
  });

  it('shows where the nearest event differs', async () => {
    const GRADED = defineSignal(definition);
    using recorder = recordEvents(GRADED);
    expect(() => assertReceived(recorder)).toThrow(
      `no event of ${GRADED.eventType} with the expected data was received; 0 of this type were`,
    );
    await GRADED.sendEvent({ grade: { user: 'bob', points: 1 } });
    await GRADED.sendEvent({ grade: { user: 'ada', points: 8 } });
    const failed = () => assertReceived(recorder, { grade: { user: 'ada', points: 7 } });
    expect(failed).toThrow(AssertionError);
    expect(failed).toThrow(
      'was received; 2 of this type were\n\nthe nearest is number 2; it differs in 1 place(s):\n' +
        '  grade.points\n    expected 7\n    received 8',
    );
  });
});

describe('assertPublished', () => {
  it('waits until the event is in the broker', async () => {
    const { GRADED, OTHER, broker } = routed();
    await OTHER.sendEvent({ grade: { user: 'ada', points: 7 } });
    await GRADED.sendEvent({ grade: { user: 'ada', points: 7 } });
    const published = await assertPublished(broker, GRADED, { grade: { user: 'ada' } });
    expect(published).toMatchObject({ topic: 'grades', data: { grade: { user: 'ada', points: 7 } } });
    expect(published.metadata.eventType).toBe(GRADED.eventType);
    expect(published.message.headers.map(([name]) => name)).toContain('ce_type');
  });

  it('sees events that the codec of the test can write and the default one cannot read', async () => {
    const GRADED = defineSignal(definition);
    const broker = new MemoryBroker();
    const codec = avroCodec({ unsafeIntegers: 'bigint' });
    connectRoutes(new MemoryEventBusProducer({ broker, codec }), [
      route(GRADED, { topic: 'grades', eventKeyField: 'grade.user' }),
    ]);
    const grade = { user: 'ada', points: 2n ** 60n } as object;
    await GRADED.sendEvent({ grade } as never, { unsafeIntegers: 'bigint' });
    const published = await assertPublished(broker, GRADED, { grade });
    expect(published.data).toEqual({ grade });
  });

  it('fails with the nearest event when the time is up', async () => {
    const { GRADED, broker, producer } = routed();
    await GRADED.sendEvent({ grade: { user: 'ada', points: 7 } });
    await producer.flush();
    const failed = assertPublished(broker, GRADED, { grade: { points: 9 } }, { timeoutMs: 2 });
    await expect(failed).rejects.toThrow(/was published; 1 of this type were.*expected 9\n {4}received 7/s);
  });

  it('refuses data that the signal can never carry', async () => {
    const { GRADED, broker } = routed();
    await expect(assertPublished(broker, GRADED, { grade: { pints: 1 } } as object)).rejects.toThrow(
      InvalidDataError,
    );
  });

  it('passes over what is no event', async () => {
    const { GRADED, broker } = routed();
    broker.append({ topic: 'grades', key: null, value: Uint8Array.of(9), headers: [] });
    await GRADED.sendEvent({ grade: { user: 'ada', points: 7 } });
    await assertPublished(broker, GRADED);
    expect(await publishedEvents(broker, GRADED)).toHaveLength(1);
  });
});

describe('assertDeadLettered', () => {
  it('finds dead letters, and no published event', async () => {
    const { GRADED, broker } = routed();
    GRADED.connect(({ fromEventBus, data }) => {
      if (fromEventBus && data.grade.points < 0) throw new Error('negative');
    });
    await using consumer = new MemoryEventBusConsumer({
      broker,
      topics: ['grades'],
      groupId: 'g',
      maxAttempts: 1,
    });
    const running = consumer.run();
    await consumer.ready;
    await GRADED.sendEvent({ grade: { user: 'ada', points: 7 } });
    await GRADED.sendEvent({ grade: { user: 'bob', points: -1 } });
    const deadLetter = await assertDeadLettered(broker, GRADED, { grade: { points: -1 } });
    expect(deadLetter).toMatchObject({ topic: 'grades.g.dlq', code: 'RECEIVER_FAILED', groupId: 'g' });
    await expect(
      assertDeadLettered(broker, GRADED, { grade: { points: 7 } }, { timeoutMs: 1 }),
    ).rejects.toThrow('was dead-lettered; 1 of this type were');
    expect(await deadLetteredEvents(broker, GRADED)).toHaveLength(1);
    expect(await publishedEvents(broker, GRADED)).toHaveLength(2);
    consumer.stop();
    await running;
  });
});
