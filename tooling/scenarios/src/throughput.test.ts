import { MemoryBroker, MemoryEventBusConsumer, MemoryEventBusProducer } from '@openedx-ts/event-bus-memory';
import { type ConsumerOptions, createMetadata, defineSignal, long, string } from '@openedx-ts/events-core';
import { deferred, systemClock } from '@openedx-ts/events-core/bus';
import { isolateSignals } from '@openedx-ts/events-testing';
import { describe, expect, it, vi } from 'vitest';

/** How many events the long check handles; `THROUGHPUT_EVENTS=1000000` takes some forty seconds. */
const manyEvents = Number(process.env.THROUGHPUT_EVENTS ?? 50_000);
const partitions = 1; // `concurrency` counts for each

interface Load extends Partial<ConsumerOptions> {
  readonly events: number;
  readonly keys: number;
  readonly receiver: (number: number) => unknown;
  /** Those that never succeed. */
  readonly isFailing?: (number: number) => boolean;
}

interface Figures {
  /** Of those that succeed. */
  readonly perSecond: number;
  /** Numbers that were handled before an earlier one of their key, or twice. */
  readonly disorder: number;
  readonly deadLetters: number;
}

/** Sends events over a memory bus of its own and handles them; the time is from the first that is handled to the last. */
async function measure({
  events,
  keys,
  receiver,
  isFailing = () => false,
  ...options
}: Load): Promise<Figures> {
  using _signals = isolateSignals();
  const signal = defineSignal({
    eventType: 'org.openedx.learning.count.changed.v1',
    data: { number: long(), key: string() },
  });
  const broker = new MemoryBroker({ partitions });
  await using producer = new MemoryEventBusProducer({ broker });
  const lastOf = new Map<string, number>();
  const wanted = Array.from({ length: events }, (_, number) => number).filter((number) => !isFailing(number));
  let [startedAt, succeeded, disorder] = [0, 0, 0];
  const finishedAt = deferred<number>();
  let progress = deferred();
  signal.connect(async ({ data: { number, key } }) => {
    startedAt ||= systemClock.monotonic();
    if (isFailing(number)) throw new Error('broken');
    await receiver(number);
    if (number <= (lastOf.get(key) ?? -1)) disorder += 1;
    lastOf.set(key, number);
    succeeded += 1;
    if (succeeded === wanted.length) finishedAt.resolve(systemClock.monotonic());
    if (succeeded % 1_000 === 0) progress.resolve();
  });
  await using consumer = new MemoryEventBusConsumer({
    broker,
    topics: ['numbers'],
    groupId: 'readers',
    startFrom: 'earliest',
    ...options,
  });
  const send = async (number: number) =>
    producer.send({
      signal,
      topic: 'numbers',
      eventKeyField: 'key',
      data: { number, key: `key-${number % keys}` },
      metadata: createMetadata({ eventType: signal.eventType }),
    });
  const batchSize = 10_000; // a million at once would only measure memory
  let running: Promise<void> | undefined;
  for (let first = 0; first < events; first += batchSize) {
    const size = Math.min(batchSize, events - first);
    await Promise.all(Array.from({ length: size }, (_, index) => send(first + index)));
    running ??= consumer.run();
    for (; first - succeeded > batchSize; progress = deferred()) await progress.promise;
  }
  const perSecond = wanted.length / (((await finishedAt.promise) - startedAt) / 1_000);
  const deadLetterCount = () => broker.messages('numbers.readers.dlq').length;
  await vi.waitFor(() => expect(deadLetterCount()).toBe(events - wanted.length), { timeout: 240_000 });
  await consumer.close();
  await running;
  return { perSecond, disorder, deadLetters: deadLetterCount() };
}

const yields = () => new Promise<void>((resolve) => setImmediate(resolve));
const takes5ms = () => systemClock.sleep(5);
const rate = (perSecond: number) => `${Math.round(perSecond).toLocaleString('en')} events/s`;

describe('throughput on the memory bus', () => {
  it('grows with concurrency: 50 against one at a time, and a receiver of 5 ms', {
    timeout: 240_000,
  }, async ({ annotate }) => {
    const load = { keys: 500, receiver: takes5ms };
    const serial = await measure({ ...load, events: 500, concurrency: 1 });
    const parallel = await measure({ ...load, events: 5_000, concurrency: 50 });
    const ratio = parallel.perSecond / serial.perSecond;
    await annotate(`1: ${rate(serial.perSecond)}; 50: ${rate(parallel.perSecond)}; ${ratio.toFixed(1)} ×`);
    expect([serial.disorder, parallel.disorder]).toEqual([0, 0]);
    expect(ratio).toBeGreaterThanOrEqual(10); // some 45 when nothing else runs
  });

  it(`keeps the order of each key over ${manyEvents.toLocaleString('en')} events at a concurrency of 200`, {
    timeout: 300_000,
  }, async ({ annotate }) => {
    const figures = await measure({
      events: manyEvents,
      keys: 1_000,
      receiver: yields,
      concurrency: 200,
    });
    await annotate(rate(figures.perSecond));
    expect([figures.disorder, figures.deadLetters]).toEqual([0, 0]);
  });

  it('hardly suffers while 1 % of events fail', {
    timeout: 240_000,
  }, async ({ annotate }) => {
    // Those behind a failing event are handled, but cannot be acknowledged before it is dead-lettered after some 1.5 s.
    const load = { events: 4_000, keys: 4_000, receiver: takes5ms, concurrency: 10 };
    let [clean, failing] = [0, 0];
    for (let round = 1; round <= 2; round += 1) {
      clean = Math.max(clean, (await measure(load)).perSecond);
      const figures = await measure({ ...load, isFailing: (number) => number % 100 === 42 });
      failing = Math.max(failing, figures.perSecond);
      expect(figures.deadLetters).toBe(40);
    }
    const ratio = failing / clean;
    await annotate(`clean: ${rate(clean)}; failing: ${rate(failing)}; ${ratio.toFixed(2)}`);
    expect(ratio).toBeGreaterThanOrEqual(0.6); // a busy machine takes its share; without room in the buffer it is 0.1
  });
});
