import { avroCodec } from '@openedx-ts/events-avro';
import { configureEvents, createMetadata, InfrastructureError, silentLogger } from '@openedx-ts/events-core';
import { snapshotSignals, systemClock, toDeadLetter } from '@openedx-ts/events-core/bus';
import {
  type DeadLetter,
  type DeadLetterFilter,
  type DeadLetterQueue,
  deadLetterQueue,
  decodeDeadLetter,
  findDeadLetterQueues,
  maskPersonalData,
  purgeDeadLetters,
  readDeadLetters,
  redriveDeadLetters,
  summarizeDeadLetters,
} from '@openedx-ts/events-core/operate';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defineGreeting } from './greeting.test-support.js';
import { MemoryBroker } from './memory-broker.js';
import { MemoryEventBusAdmin } from './memory-event-bus-admin.js';
import { MemoryEventBusConsumer } from './memory-event-bus-consumer.js';
import { MemoryEventBusProducer } from './memory-event-bus-producer.js';
import { MemoryTopicStore } from './memory-topic-store.js';

let restore: () => void;
let logged: (readonly [object, string])[];
let configured: Disposable;
let broker: MemoryBroker;
let store: MemoryTopicStore;
let isBroken: boolean;
let seen: string[];
beforeEach(() => {
  restore = snapshotSignals();
  logged = [];
  const info = (facts: object, message: string) => void logged.push([facts, message]);
  configured = configureEvents({ logger: { ...silentLogger, info } });
  broker = new MemoryBroker({ partitions: 2 });
  store = new MemoryTopicStore(broker, 'p');
  isBroken = true;
  seen = [];
});
afterEach(() => {
  configured[Symbol.dispose]();
  restore();
});

const queue = () => deadLetterQueue(store, { topic: 'orders', groupId: 'mail' });

class NotNow extends Error {
  readonly code = 'NOT_NOW';
}

function connectBroken(signal: ReturnType<typeof defineGreeting>) {
  signal.connect(
    ({
      data: {
        greeting: { to, times },
      },
    }) => {
      if (isBroken) throw times === 0 ? new NotNow('later') : new Error(`broken for ${to}`);
      seen.push(`${to} ${times}`);
    },
  );
}

/** Sends and consumes; with `isBroken` everything becomes a dead letter. */
async function exchange(
  signal: ReturnType<typeof defineGreeting>,
  greetings: readonly (readonly [string, number])[],
) {
  await using producer = new MemoryEventBusProducer({ broker, topicPrefix: 'p' });
  const before = broker.messages('p-orders.mail.dlq').length;
  const options = { broker, topics: ['orders'], groupId: 'mail', topicPrefix: 'p', maxAttempts: 1 };
  await using consumer = new MemoryEventBusConsumer({ ...options, startFrom: 'earliest' });
  const running = consumer.run();
  await consumer.ready;
  for (const [to, times] of greetings)
    await producer.send({
      signal,
      topic: 'orders',
      eventKeyField: 'greeting.to',
      data: { greeting: { to, times } },
      metadata: createMetadata({ eventType: signal.eventType }),
    });
  const count = () => broker.messages('p-orders.mail.dlq').length - before + seen.length;
  const wanted = Math.max(greetings.length, 1);
  while (count() < wanted) await systemClock.sleep(1);
  consumer.stop();
  await running;
}

/** A clock on which a sleep takes no time. */
function fastClock(): Disposable & { readonly ms: () => number } {
  let now = 0;
  const sleep = async (ms: number) => {
    now += ms;
  };
  const settings = configureEvents({ clock: { ...systemClock, monotonic: () => now, sleep } });
  return { ms: () => now, [Symbol.dispose]: () => settings[Symbol.dispose]() };
}

async function deadLettersOf(filter: DeadLetterFilter = {}): Promise<readonly DeadLetter[]> {
  const deadLetters: DeadLetter[] = [];
  for await (const letter of readDeadLetters(store, queue(), filter)) deadLetters.push(letter);
  return deadLetters;
}

const three = [
  ['Ada', 1],
  ['Bob', 0],
  ['Ada', 2],
] as const;

describe('readDeadLetters and summarizeDeadLetters', () => {
  it('report what lies there, and why', async () => {
    const signal = defineGreeting();
    connectBroken(signal);
    await exchange(signal, three);
    const deadLetters = await deadLettersOf();
    expect(deadLetters.find(({ facts }) => facts?.code === 'NOT_NOW')).toMatchObject({
      position: expect.stringMatching(/^\d:\d$/),
      eventType: signal.eventType,
      redrives: 0,
      unfit: undefined,
      facts: { message: 'Error: later', attempts: 1, groupId: 'mail' },
    });
    const summary = await summarizeDeadLetters(store, queue());
    expect(summary).toMatchObject({
      count: 3,
      codes: [
        ['RECEIVER_FAILED', 2],
        ['NOT_NOW', 1],
      ],
      eventTypes: [[signal.eventType, 3]],
      redriven: 0,
      unfit: 0,
    });
    expect(summary.oldest).toBeLessThanOrEqual(summary.newest ?? 0);
    const [{ groupId } = { groupId: '' }, ...others] = await findDeadLetterQueues(store, 'orders');
    expect([groupId, others]).toEqual(['mail', []]);
  });

  it('keep to every condition of a filter', async () => {
    const signal = defineGreeting();
    connectBroken(signal);
    await exchange(signal, three);
    const [one] = await deadLettersOf({ code: 'NOT_NOW' });
    const { position, eventId } = one as DeadLetter;
    const at = one?.facts?.lastFailure as Date;
    for (const filter of [{ position }, { eventId: eventId as string }, { code: 'NOT_NOW', since: at }])
      expect(await deadLettersOf(filter)).toEqual([one]);
    expect(await deadLettersOf({ eventType: 'other' })).toEqual([]);
    expect(await deadLettersOf({ until: new Date(0) })).toEqual([]);
    expect(await deadLettersOf({ code: 'NOT_NOW', until: at })).toEqual([]);
    expect(await deadLettersOf({ code: 'RECEIVER_FAILED', since: new Date(0) })).toHaveLength(2);
  });

  it('refuse what is not there, and what cannot be meant', async () => {
    for (const filter of [{ position: '0:99' }, { eventId: 'none' }, { position: 'x' }, { code: '' }])
      await expect(deadLettersOf(filter)).rejects.toMatchObject({ code: 'EVENTS_INVALID_OPTIONS' });
    await expect(deadLettersOf({ since: new Date('x') })).rejects.toThrow('since: must be a valid Date');
    for (const topic of ['orders.mail.dlq', ''])
      expect(() => deadLetterQueue(store, { topic, groupId: 'mail' })).toThrow(/topic/);
  });
});

describe('decodeDeadLetter and maskPersonalData', () => {
  it('show the event without the people in it', async () => {
    const signal = defineGreeting();
    connectBroken(signal);
    await exchange(signal, [['Ada', 1]]);
    const [letter] = await deadLettersOf();
    const { data } = await decodeDeadLetter(store, letter as DeadLetter, avroCodec());
    expect(maskPersonalData(signal.shape, data)).toEqual({ greeting: { to: '***', times: 1 } });
    restore();
    await expect(decodeDeadLetter(store, letter as DeadLetter, avroCodec())).rejects.toMatchObject({
      code: 'EVENTS_UNKNOWN_SIGNAL',
    });
  });
});

describe('redriveDeadLetters', () => {
  it('sends them to the group that failed alone, which dead-letters them again as those of their source', async () => {
    const signal = defineGreeting();
    connectBroken(signal);
    await exchange(signal, three);
    const before = await deadLettersOf();
    const others: string[] = [];
    signal.connect(({ delivery }) => void (delivery?.groupId === 'web' && others.push(delivery.position)));
    const options = { broker, topics: ['orders'], topicPrefix: 'p', maxAttempts: 1 };
    await using web = new MemoryEventBusConsumer({ ...options, groupId: 'web' });
    await using mail = new MemoryEventBusConsumer({ ...options, groupId: 'mail' });
    for (const consumer of [web, mail]) void consumer.run();
    await Promise.all([web.ready, mail.ready]);
    expect(await redriveDeadLetters(store, queue(), { all: true })).toMatchObject({ redriven: 3, unfit: 0 });
    while ((await deadLettersOf()).length < 3) await systemClock.sleep(1);
    const factsOf = ({ facts, redrives }: DeadLetter) => [facts?.source, facts?.groupId, redrives];
    expect((await deadLettersOf()).map(factsOf).toSorted()).toEqual(
      before.map(({ facts }) => [facts?.source, 'mail', 1]).toSorted(),
    );
    isBroken = false;
    await redriveDeadLetters(store, queue(), { all: true });
    while (seen.length < 3) await systemClock.sleep(1);
    expect(seen.filter((text) => text.startsWith('Ada'))).toEqual(['Ada 1', 'Ada 2']);
    expect([others, await deadLettersOf()]).toEqual([[], []]);
    expect(broker.messages('p-orders')).toHaveLength(3);
  });

  it('is refused at once while the group has no active member, and sends nothing', async () => {
    const signal = defineGreeting();
    connectBroken(signal);
    await exchange(signal, three);
    using waited = fastClock();
    await expect(redriveDeadLetters(store, queue(), { all: true })).rejects.toThrow(
      /no active member of the group reads p-orders\.mail\.retry: start a consumer .*--all-groups/,
    );
    expect(waited.ms()).toBe(0);
    expect(await deadLettersOf()).toHaveLength(3);
    expect(broker.messages('p-orders.mail.retry')).toEqual([]);
  });

  it.each([
    [
      'is refused after half a minute of waiting, which it reports, for members that never read its retry topic',
      1e9,
      30_000,
    ],
    ['is refused once the last member has ended that it waits for', 8, 750],
  ])('%s', async (_title, looks, atLeastMs) => {
    const signal = defineGreeting();
    connectBroken(signal);
    await exchange(signal, three);
    using waited = fastClock();
    let looked = 0;
    vi.spyOn(store, 'groupProgress').mockImplementation(async (topic) => {
      looked += 1;
      const members = looked > looks ? 0 : 1;
      return { activeMembers: members, readers: topic.endsWith('.retry') ? 0 : members, next: new Map() };
    });
    const waits: string[] = [];
    const options = { all: true, onWait: (topic: string) => void waits.push(topic) } as const;
    await expect(redriveDeadLetters(store, queue(), options)).rejects.toThrow(
      /no active member of the group/,
    );
    expect(waits).toEqual(['p-orders.mail.retry']);
    expect(waited.ms()).toBeGreaterThanOrEqual(atLeastMs);
    expect(waited.ms()).toBeLessThan(atLeastMs + 1_000);
    expect(await deadLettersOf()).toHaveLength(3);
  });

  it('sends them again as they were, in order, and removes them', async () => {
    const signal = defineGreeting();
    connectBroken(signal);
    await exchange(signal, three);
    const sent = broker.messages('p-orders');
    isBroken = false;
    const report = await redriveDeadLetters(store, queue(), { allGroups: true, all: true });
    expect(report).toEqual({ redriven: 3, unfit: 0, reasons: [], isDryRun: false });
    expect(await deadLettersOf()).toEqual([]);
    const again = broker.messages('p-orders').filter((message) => !sent.includes(message));
    for (const { key, value, headers } of again) {
      const original = sent.find((message) => message.headers[4]?.[1] === headers[4]?.[1]);
      expect(original).toMatchObject({ key, value });
      expect(headers).toEqual([...(original?.headers ?? []), ['dlq-redrives', Buffer.from('1')]]);
    }
    await exchange(signal, []);
    while (seen.length < 3) await systemClock.sleep(1);
    expect(seen.filter((text) => text.startsWith('Ada'))).toEqual(['Ada 1', 'Ada 2']);
  });

  it('writes a line for each, without payload, and one for all', async () => {
    const signal = defineGreeting();
    connectBroken(signal);
    await exchange(signal, three);
    logged = [];
    await redriveDeadLetters(store, queue(), { allGroups: true, code: 'NOT_NOW' });
    expect(logged).toEqual([
      [
        {
          eventType: signal.eventType,
          eventId: expect.any(String),
          groupId: 'mail',
          from: expect.stringMatching(/^p-orders\.mail\.dlq@\d:\d$/),
          to: expect.stringMatching(/^p-orders@\d:\d$/),
          redrives: 1,
          code: 'NOT_NOW',
        },
        'a dead letter was sent again',
      ],
      [expect.objectContaining({ redriven: 1, unfit: 0 }), 'dead letters were sent again'],
    ]);
    expect(await deadLettersOf()).toHaveLength(2);
  });

  it('does nothing in a dry run but count', async () => {
    const signal = defineGreeting();
    connectBroken(signal);
    await exchange(signal, three);
    const report = await redriveDeadLetters(store, queue(), { allGroups: true, all: true, dryRun: true });
    expect(report).toMatchObject({ redriven: 3, isDryRun: true });
    expect([broker.messages('p-orders').length, (await deadLettersOf()).length]).toEqual([3, 3]);
  });

  it('lets an event that fails again become a dead letter again, with a count', async () => {
    const signal = defineGreeting();
    connectBroken(signal);
    await exchange(signal, [['Ada', 1]]);
    for (const redrives of [1, 2]) {
      await redriveDeadLetters(store, queue(), { allGroups: true, all: true });
      await exchange(signal, []);
      const deadLetters = await deadLettersOf();
      expect(deadLetters).toMatchObject([{ redrives, facts: { code: 'RECEIVER_FAILED' } }]);
    }
    expect(await summarizeDeadLetters(store, queue())).toMatchObject({ count: 1, redriven: 1 });
  });

  it('does not send what a bus could not read as an event without a value', async () => {
    const now = new Date();
    const facts = { code: 'UNREADABLE', message: 'm', attempts: 1, firstFailure: now, lastFailure: now };
    const unread = { topic: 'p-orders', key: null, value: null, headers: [] };
    await store.write(toDeadLetter(unread, { ...facts, source: 'p-orders@0:7', groupId: 'mail' }));
    const report = await redriveDeadLetters(store, queue(), { allGroups: true, all: true });
    expect(report).toMatchObject({ redriven: 0, unfit: 1 });
    expect(report.reasons[0]?.reason).toMatch(/holds no event, .* replay the group from dlq-source/);
    expect(broker.messages('p-orders')).toEqual([]);
    expect(await deadLettersOf()).toHaveLength(1);
  });

  it('leaves what is no dead letter of this queue, and reports why', async () => {
    const foreign = { topic: 'p-orders.mail.dlq', key: null, value: null };
    broker.append({ ...foreign, headers: [] });
    const facts = {
      'dlq-code': 'X',
      'dlq-attempts': '1',
      'dlq-source': 'p-orders.mail.dlq@0:1',
      'dlq-group': 'mail',
    };
    const times = { 'dlq-first-failure': '2026-01-01T00:00:00Z', 'dlq-last-failure': '2026-01-01T00:00:00Z' };
    const headers = Object.entries({ ...facts, ...times }).map(
      ([name, text]) => [name, Buffer.from(text)] as const,
    );
    broker.append({ ...foreign, headers });
    const report = await redriveDeadLetters(store, queue(), { allGroups: true, all: true });
    expect(report).toMatchObject({ redriven: 0, unfit: 2 });
    expect(report.reasons.map(({ reason }) => reason).sort()).toEqual([
      'it is no dead letter: headers dlq-… are missing or cannot be read',
      'its dlq-source is another topic (p-orders.mail.dlq)',
    ]);
    expect(await deadLettersOf()).toHaveLength(2);
  });

  it('keeps what was not accepted, and does not send the rest', async () => {
    const signal = defineGreeting();
    connectBroken(signal);
    await exchange(signal, three);
    const failing = Object.assign(Object.create(store) as MemoryTopicStore, {
      wireFormat: store.wireFormat,
      topicPrefix: 'p',
      read: store.read.bind(store),
      remove: store.remove.bind(store),
      write: async (message: Parameters<MemoryTopicStore['write']>[0]) => {
        if (broker.messages('p-orders').length >= 4) throw new InfrastructureError('away');
        return store.write(message);
      },
    });
    await expect(redriveDeadLetters(failing, queue(), { allGroups: true, all: true })).rejects.toThrow(
      'away',
    );
    expect(await deadLettersOf()).toHaveLength(2);
    expect(broker.messages('p-orders')).toHaveLength(4);
    const removesNothing = Object.assign(Object.create(failing) as MemoryTopicStore, {
      remove: async () => {
        throw new InfrastructureError('cannot remove either');
      },
      write: async (message: Parameters<MemoryTopicStore['write']>[0]) => {
        if (broker.messages('p-orders').length >= 5) throw new InfrastructureError('away again');
        return store.write(message);
      },
    });
    await expect(redriveDeadLetters(removesNothing, queue(), { allGroups: true, all: true })).rejects.toThrow(
      'away again',
    );
  });

  it('keeps to a rate, and ends early when it is asked to', async () => {
    const signal = defineGreeting();
    connectBroken(signal);
    await exchange(signal, three);
    const slept: number[] = [];
    let now = 0;
    const clock = {
      ...systemClock,
      monotonic: () => now,
      sleep: async (ms: number) => {
        slept.push(ms);
        now += ms;
      },
    };
    using _clock = configureEvents({ clock });
    const stop = new AbortController();
    const report = await redriveDeadLetters(store, queue(), {
      allGroups: true,
      all: true,
      ratePerSecond: 4,
      abortSignal: stop.signal,
      onProgress: ({ redriven }) => {
        if (redriven === 2) stop.abort();
      },
    });
    expect([report.redriven, slept]).toEqual([2, [250]]);
    expect(await deadLettersOf()).toHaveLength(1);
  });

  it('removes what was sent before it waits for long', async () => {
    const signal = defineGreeting();
    connectBroken(signal);
    await exchange(signal, three);
    let now = 0;
    const left: number[] = [];
    const sleep = async (ms: number) => {
      now += ms;
      left.push(broker.messages('p-orders.mail.dlq').length);
    };
    using _clock = configureEvents({ clock: { ...systemClock, monotonic: () => now, sleep } });
    await redriveDeadLetters(store, queue(), { allGroups: true, all: true, ratePerSecond: 2 });
    expect(left).toEqual([2, 1]);
  });

  it.each([
    [{}, /selects nothing/],
    [{ all: true, code: 'X' }, /give one of them/],
    [{ all: true, ratePerSecond: 0 }, /above 0/],
  ])('refuses %o', async (options, message) => {
    await expect(redriveDeadLetters(store, queue(), options)).rejects.toThrow(message);
  });
});

describe('a dead letter that is too large for its topic', () => {
  const large = 'x'.repeat(5_000);
  beforeEach(() => {
    broker = new MemoryBroker({ partitions: 1, maxMessageBytes: 10_400 });
    store = new MemoryTopicStore(broker, 'p');
  });

  it('is stored without its value, shown and sent again with the value of its source', async () => {
    const signal = defineGreeting();
    connectBroken(signal);
    await exchange(signal, [[large, 1]]);
    const [letter] = await deadLettersOf();
    expect(letter).toMatchObject({ message: { value: null }, omittedBytes: expect.any(Number) });
    const { data } = await decodeDeadLetter(store, letter as DeadLetter, avroCodec());
    expect(data).toEqual({ greeting: { to: large, times: 1 } });
    isBroken = false;
    expect(await redriveDeadLetters(store, queue(), { allGroups: true, all: true })).toMatchObject({
      redriven: 1,
      unfit: 0,
    });
    await exchange(signal, []);
    expect(seen).toEqual([`${large} 1`]);
    const [first, again] = broker.messages('p-orders');
    expect(again?.value).toEqual(first?.value);
    expect(again?.headers.map(([name]) => name).at(-1)).toBe('dlq-redrives');
  });

  it.each([
    ['dlq-value-bytes', Buffer.from('-1')],
    ['dlq-value-sha256', Buffer.from('abc')],
    ['dlq-value-sha256', null],
    ['dlq-value-bytes', undefined],
  ])('is not sent again as an empty event when its %s is %s', async (name, value) => {
    const signal = defineGreeting();
    connectBroken(signal);
    await exchange(signal, [[large, 1]]);
    const [letter] = await deadLettersOf();
    const { message, position } = letter as DeadLetter;
    const headers = message.headers.flatMap((header) => {
      if (header[0] !== name) return [header];
      return value === undefined ? [] : [[name, value] as const];
    });
    await store.remove(message.topic, [position]);
    await store.write({ ...message, headers });
    expect(await redriveDeadLetters(store, queue(), { allGroups: true, all: true })).toMatchObject({
      redriven: 0,
      reasons: [{ reason: expect.stringMatching(/^it has no value, .* cannot be read: replay/) }],
    });
    expect(broker.messages('p-orders')).toHaveLength(1);
  });

  it('is not sent again as an empty event once its source is gone, or holds another event there', async () => {
    const signal = defineGreeting();
    connectBroken(signal);
    await exchange(signal, [[large, 1]]);
    const [letter] = await deadLettersOf();
    await store.remove('p-orders', ['0:0']);
    const reason = /its source does not hold it any more/;
    await expect(decodeDeadLetter(store, letter as DeadLetter, avroCodec())).rejects.toThrow(reason);
    const report = await redriveDeadLetters(store, queue(), { allGroups: true, all: true });
    expect(report).toMatchObject({
      redriven: 0,
      unfit: 1,
      reasons: [{ reason: expect.stringMatching(reason) }],
    });
    expect(broker.messages('p-orders')).toEqual([]);
  });
});

describe('queues whose names make the same dead-letter topic', () => {
  const queues = () => [
    deadLetterQueue(store, { topic: 'orders', groupId: 'eu.mail' }),
    deadLetterQueue(store, { topic: 'orders.eu', groupId: 'mail' }),
  ];
  const bury = ({ fullTopic, groupId }: DeadLetterQueue, id: number) =>
    store.write(
      toDeadLetter(
        { topic: fullTopic, key: null, value: Uint8Array.of(id), headers: [] },
        {
          ...{ code: 'NOT_NOW', message: '', attempts: 1, groupId, source: `${fullTopic}@0:${id}` },
          ...{ firstFailure: new Date(1), lastFailure: new Date(2) },
        },
      ),
    );
  const valuesOf = async (queue: DeadLetterQueue) => {
    const values: number[] = [];
    for await (const { message } of readDeadLetters(store, queue)) values.push(message.value?.[0] ?? -1);
    return values;
  };

  it('a purge of one leaves the dead letters of the other', async () => {
    const [one, other] = queues() as [DeadLetterQueue, DeadLetterQueue];
    expect(one.deadLetterTopic).toBe(other.deadLetterTopic);
    for (const id of [1, 2]) await bury(one, id);
    const position = await bury(other, 3);
    const report = await purgeDeadLetters(store, one, { all: true });
    expect(report).toEqual({ purged: 2, unreadable: 0, isDryRun: false });
    await expect(purgeDeadLetters(store, one, { position })).rejects.toThrow('no such dead letter');
    expect([await valuesOf(one), await valuesOf(other)]).toEqual([[], [3]]);
  });

  it('each lists, counts and redrives its own', async () => {
    const [one, other] = queues() as [DeadLetterQueue, DeadLetterQueue];
    await bury(one, 1);
    await bury(other, 2);
    expect([await valuesOf(one), await valuesOf(other)]).toEqual([[1], [2]]);
    expect(await summarizeDeadLetters(store, one)).toMatchObject({ count: 1, unfit: 0 });
    expect(await redriveDeadLetters(store, other, { allGroups: true, all: true })).toMatchObject({
      redriven: 1,
      unfit: 0,
    });
    expect(broker.messages('p-orders')).toEqual([]);
    expect([await valuesOf(one), await valuesOf(other)]).toEqual([[1], []]);
  });
});

describe('purgeDeadLetters', () => {
  it('removes those that are meant', async () => {
    const signal = defineGreeting();
    connectBroken(signal);
    await exchange(signal, three);
    expect(await purgeDeadLetters(store, queue(), { all: true, dryRun: true })).toEqual({
      purged: 3,
      unreadable: 0,
      isDryRun: true,
    });
    expect(await purgeDeadLetters(store, queue(), { code: 'NOT_NOW' })).toEqual({
      purged: 1,
      unreadable: 0,
      isDryRun: false,
    });
    expect((await deadLettersOf()).map(({ facts }) => facts?.code)).toEqual([
      'RECEIVER_FAILED',
      'RECEIVER_FAILED',
    ]);
    await expect(purgeDeadLetters(store, queue(), {})).rejects.toThrow('selects nothing');
    expect(broker.messages('p-orders')).toHaveLength(3);
  });
});

describe('MemoryEventBusAdmin', () => {
  it('reports how far groups are behind', async () => {
    const signal = defineGreeting();
    connectBroken(signal);
    isBroken = false;
    await exchange(signal, [['Ada', 1]]);
    broker.append({ topic: 'p-orders', key: Buffer.from('k'), value: null, headers: [] });
    await using admin = new MemoryEventBusAdmin(broker, 'p');
    const lags = await admin.lag({ topics: ['orders'] });
    expect(lags.map(({ topic, groupId, members }) => [topic, groupId, members])).toEqual([
      ['orders', 'mail', 0],
      ['orders', 'mail', 0],
    ]);
    expect(lags.reduce((sum, { lag }) => sum + (lag ?? 0), 0)).toBe(1);
    expect(await admin.diagnose()).toMatchObject([{ verdict: 'ok' }]);
    broker.stop();
    expect(await admin.diagnose()).toMatchObject([{ verdict: 'problem', isUnreachable: true }]);
  });
});
