import { describe, expect, it } from 'vitest';
import { InfrastructureError } from '../../errors/receiver-errors.js';
import { settle } from '../../runtime/manual-clock.test-support.js';
import { ConsumerBench } from '../consumer-bench.test-support.js';

const bench = new ConsumerBench();

/** A receiver that needs a database for some events; gives what it has handled. */
function needsDatabase(needs: (count: number) => boolean) {
  const database = { isDown: true, handled: [] as number[], tries: 0 };
  bench.signal.connect(async ({ data: { count } }) => {
    if (needs(count) && database.isDown) {
      database.tries += 1;
      throw new InfrastructureError('the database is unreachable');
    }
    database.handled.push(count);
  });
  return database;
}

const notReady = { live: true, ready: false, reasons: ['a waits: the database is unreachable'] };

describe('a key that waits for something down', () => {
  it('does not hold up other keys, not even those that arrive concurrently, and keeps its own in order', async () => {
    const database = needsDatabase((count) => count === 1);
    const { consumer } = bench.start({ concurrency: 3 });
    consumer.push([bench.event(1, 'a'), bench.event(2, 'a'), bench.event(3), bench.event(4)]);
    await settle();
    consumer.push([bench.event(5), bench.event(6, 'a'), bench.event(7)]);
    await bench.clock.advance(10_000);
    consumer.push([bench.event(8)]);
    await settle();
    expect(database.handled).toEqual([3, 4, 5, 7, 8]);
    expect([consumer.paused, consumer.acknowledged]).toEqual([[], []]);
    database.isDown = false;
    await bench.clock.advance(10_000);
    expect(database.handled).toEqual([3, 4, 5, 7, 8, 1, 2, 6]);
    expect(consumer.acknowledged.flatMap(([, ...ordinals]) => ordinals)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('keeps the consumer from being ready until it is back, whatever other keys do; logged once, and again when it is back', async () => {
    const database = needsDatabase((count) => count === 1);
    const { consumer } = await bench.consume({ concurrency: 3 }, 1, 2);
    for (const count of [3, 4, 5]) {
      consumer.push([bench.event(count)]);
      await bench.clock.advance(1_000);
      expect(consumer.health()).toEqual(notReady);
    }
    expect(bench.logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    database.isDown = false;
    await bench.clock.advance(10_000);
    expect(consumer.health().ready).toBe(true);
    expect(bench.logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
    expect([bench.factsOf('consumer.paused'), bench.factsOf('consumer.resumed')]).toEqual([[], []]);
  });

  it('is one of several: the lane waits until the last of them is back', async () => {
    const down = new Set([1, 2]);
    bench.signal.connect(async ({ data: { count } }) => {
      if (down.has(count)) throw new InfrastructureError('the database is unreachable');
    });
    const { consumer } = await bench.consume({ concurrency: 3 }, 1, 2, 3);
    down.delete(1);
    await bench.clock.advance(10_000);
    expect(consumer.health()).toEqual(notReady);
    down.clear();
    await bench.clock.advance(10_000);
    expect(consumer.health().ready).toBe(true);
  });

  it('is not counted any more when its lane was taken away', async () => {
    needsDatabase(() => true);
    const lane = new AbortController();
    const { consumer } = bench.start({ concurrency: 3, receiverTimeoutMs: Number.POSITIVE_INFINITY });
    consumer.push([1, 2].map((count) => bench.event(count, `key-${count}`, { abortSignal: lane.signal })));
    await settle();
    expect(consumer.health()).toEqual(notReady);
    lane.abort();
    await settle();
    expect(consumer.health().ready).toBe(true);
    expect(bench.clock.pending).toEqual([]);
  });
});

describe('a database that is down for all keys', () => {
  it('lets a lane buffer maxBufferedEvents and no further batch, and then the other lanes go on', async () => {
    const database = needsDatabase((count) => count < 100);
    const { consumer } = bench.start({ concurrency: 2, maxBufferedEvents: 4 });
    for (let count = 1; count <= 4; count += 1) consumer.push([bench.event(count)]);
    await settle();
    expect([consumer.waiting, consumer.paused]).toEqual([0, []]);
    consumer.push([bench.event(5)]);
    await settle();
    expect(consumer.paused).toEqual(['a']);
    for (let count = 100; count < 110; count += 1) {
      consumer.push([bench.event(count, `key-${count}`, { lane: 'b' })]);
    }
    await settle();
    expect(database.handled).toHaveLength(10);
    expect(consumer.waiting).toBe(0);
    database.isDown = false;
    await bench.clock.advance(20_000);
    expect([consumer.paused, consumer.health().ready]).toEqual([[], true]);
    expect(consumer.acknowledged.flatMap(([lane, ...ordinals]) => (lane === 'a' ? ordinals : []))).toEqual([
      1, 2, 3, 4, 5,
    ]);
  });

  it('is left alone by a lane of which one event waits, with a concurrency of 1', async () => {
    const database = needsDatabase(() => true);
    const { consumer } = await bench.consume({ maxBackoffMs: 100 }, 1, 2, 3);
    expect(consumer.paused).toEqual(['a']);
    await bench.clock.advance(1_000);
    expect([database.tries, consumer.paused]).toEqual([11, ['a']]);
    database.isDown = false;
    await bench.clock.advance(100);
    expect([database.handled, consumer.paused]).toEqual([[1, 2, 3], []]);
  });
});
