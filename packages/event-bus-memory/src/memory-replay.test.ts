import {
  type ConsumerOptions,
  createMetadata,
  defineSignal,
  long,
  record,
  string,
} from '@openedx-ts/events-core';
import { snapshotSignals, systemClock } from '@openedx-ts/events-core/bus';
import { type ReplayOptions, replayGroup } from '@openedx-ts/events-core/operate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryBroker } from './memory-broker.js';
import { MemoryEventBusConsumer } from './memory-event-bus-consumer.js';
import { MemoryEventBusProducer } from './memory-event-bus-producer.js';
import { MemoryTopicStore } from './memory-topic-store.js';

let restore: () => void;
let broker: MemoryBroker;
let store: MemoryTopicStore;
let seen: number[];
let ids: string[];
let signal: ReturnType<typeof defineCount>;
beforeEach(async () => {
  restore = snapshotSignals();
  broker = new MemoryBroker({ partitions: 1 });
  store = new MemoryTopicStore(broker, undefined);
  [seen, ids] = [[], []];
  signal = defineCount();
  signal.connect(({ data }) => void seen.push(data.count.number));
  await send([0, 1, 2, 3]);
});
afterEach(() => restore());

function defineCount() {
  return defineSignal({
    eventType: 'org.example.test.count.sent.v1',
    data: { count: record('Count', { number: long(), key: string() }) },
    eventKeyField: 'count.key',
  });
}

async function send(numbers: readonly number[]) {
  await using producer = new MemoryEventBusProducer({ broker });
  for (const number of numbers) {
    const metadata = createMetadata({ eventType: signal.eventType });
    ids.push(metadata.id);
    const data = { count: { number, key: 'k' } };
    await producer.send({ signal, topic: 'counts', eventKeyField: 'count.key', data, metadata });
  }
}

async function consume(count: number, more: Partial<ConsumerOptions> = {}) {
  const options = { broker, topics: ['counts'], groupId: 'g', ...more };
  await using consumer = new MemoryEventBusConsumer({ startFrom: 'earliest', ...options });
  const running = consumer.run();
  while (seen.length < count) await systemClock.sleep(1);
  consumer.stop();
  await running;
}

const replay = (more: Pick<ReplayOptions, 'from'> & Partial<ReplayOptions>) =>
  replayGroup(store, { topic: 'counts', groupId: 'g', ...more });

describe('replayGroup', () => {
  it.each([
    ['earliest', () => 'earliest' as const, [0, 1, 2, 3]],
    ['a position', () => ({ position: '0:2' }), [2, 3]],
    ['an event', () => ({ eventId: ids[1] as string }), [1, 2, 3]],
    ['a time', () => ({ time: new Date(broker.messages('counts')[0]?.storedAt ?? 0) }), [0, 1, 2, 3]],
  ])('sets a group back to %s', async (_name, from, expected) => {
    await consume(4);
    seen = [];
    const report = await replay({ from: from() });
    expect(report).toEqual({
      isNewGroup: false,
      isDryRun: false,
      lanes: [
        {
          lane: 'counts/0',
          position: `0:${expected[0]}`,
          events: expected.length,
          isMoved: true,
        },
      ],
      events: expected.length,
      eventTypes: [[signal.eventType, expected.length]],
    });
    await consume(expected.length);
    expect(seen).toEqual(expected);
  });

  it('makes another group where that is asked for', async () => {
    await consume(4);
    seen = [];
    await expect(replay({ from: 'earliest', groupId: 'other' })).rejects.toThrow('there is no group other');
    const report = await replay({ from: { position: '0:3' }, groupId: 'other', create: true });
    expect(report).toMatchObject({ isNewGroup: true, events: 1 });
    await consume(1, { groupId: 'other', startFrom: 'resume' });
    expect(seen).toEqual([3]);
  });

  it('moves nothing in a dry run', async () => {
    await consume(4);
    seen = [];
    expect(await replay({ from: 'earliest', dryRun: true })).toMatchObject({ isDryRun: true, events: 4 });
    await send([4]);
    await consume(1);
    expect(seen).toEqual([4]);
  });

  it('never sets a group forward', async () => {
    await consume(4);
    await replay({ from: { position: '0:1' } });
    seen = [];
    const report = await replay({ from: { position: '0:3' } });
    expect(report).toMatchObject({ events: 0, lanes: [{ position: '0:3', isMoved: false }] });
    await consume(3);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('refuses while members are there', async () => {
    await using consumer = new MemoryEventBusConsumer({ broker, topics: ['counts'], groupId: 'g' });
    const running = consumer.run();
    await consumer.ready;
    await expect(replay({ from: 'earliest' })).rejects.toMatchObject({ code: 'EVENTS_ILLEGAL_STATE' });
    await expect(store.moveGroup('counts', 'g', ['0:0'])).rejects.toMatchObject({
      code: 'EVENTS_ILLEGAL_STATE',
    });
    consumer.stop();
    await running;
  });

  it('refuses what is not there', async () => {
    await consume(4);
    for (const from of [
      { position: '0:9' },
      { position: '5:0' },
      { position: 'x' },
      { eventId: 'none' },
      { time: new Date('2999-01-01') },
    ])
      await expect(replay({ from })).rejects.toMatchObject({ code: 'EVENTS_INVALID_OPTIONS' });
  });

  it('reports no more names of event types than it may, however many a topic has', async () => {
    for (let number = 0; number < 1_500; number += 1) {
      const type = Buffer.from(`${number}${'x'.repeat(500)}`);
      broker.append({ topic: 'hostile', key: null, value: Buffer.from('?'), headers: [['ce_type', type]] });
    }
    const from = 'earliest';
    const report = await replayGroup(store, { topic: 'hostile', groupId: 'g', from, create: true });
    const [others, next] = report.eventTypes;
    expect([report.events, report.eventTypes.length]).toEqual([1_500, 1_001]);
    expect([others, next?.[0]?.length]).toEqual([['(others)', 500], 201]);
  });
});
