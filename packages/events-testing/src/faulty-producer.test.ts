import { MemoryBroker, MemoryEventBusProducer } from '@openedx-ts/event-bus-memory';
import {
  createMetadata,
  defineSignal,
  type InvalidOptionsError,
  long,
  record,
  string,
} from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import type { Fault, FaultPlan } from './fault-plan.js';
import { faultyProducer } from './faulty-producer.js';
import { isolateSignals } from './isolate-signals.js';
import { publishedEvents } from './published-events.js';

const SENT = (() => {
  using _scope = isolateSignals();
  return defineSignal({
    eventType: 'org.openedx.testing.faulty.sent.v1',
    data: { item: record('FaultyItem', { key: string(), number: long() }) },
  });
})();

function busWith(plan: FaultPlan) {
  const broker = new MemoryBroker({ partitions: 1 });
  const producer = faultyProducer(new MemoryEventBusProducer({ broker }), plan);
  const send = (number: number) =>
    producer.send({
      signal: SENT,
      topic: 'faults',
      eventKeyField: 'item.key',
      data: { item: { key: 'k', number } },
      metadata: createMetadata({ eventType: SENT.eventType }),
    });
  const stored = async () => (await publishedEvents(broker, SENT)).map(({ data }) => data.item.number);
  return { broker, producer, send, stored };
}

describe('faultyProducer', () => {
  it('passes what the plan does not mention', async () => {
    const { send, stored, producer } = busWith([]);
    expect(await send(1)).toMatchObject({ topic: 'faults', position: '0:0' });
    expect(await stored()).toEqual([1]);
    expect(producer.faults).toEqual(['pass']);
  });

  it('drops, and reports success', async () => {
    const { send, stored } = busWith(['drop']);
    expect(await send(1)).toMatchObject({ topic: 'faults', position: 'dropped' });
    await send(2);
    expect(await stored()).toEqual([2]);
  });

  it('duplicates', async () => {
    const { send, stored } = busWith(['pass', 'duplicate']);
    await send(1);
    await send(2);
    expect(await stored()).toEqual([1, 2, 2]);
  });

  it('holds until it is asked to release', async () => {
    const { send, stored, producer } = busWith(['hold', 'hold']);
    const held = [send(1), send(2)];
    await send(3);
    expect(producer.held).toBe(2);
    await producer.release();
    expect((await Promise.all(held)).map(({ position }) => position)).toEqual(['0:1', '0:2']);
    expect(await stored()).toEqual([3, 1, 2]);
    expect(producer.held).toBe(0);
  });

  it('swaps an event with the next', async () => {
    const { send, stored, producer } = busWith(['swap', 'pass', 'swap']);
    const first = send(1);
    await send(2);
    await first;
    const last = send(3);
    await producer.release();
    await last;
    expect(await stored()).toEqual([2, 1, 3]);
  });

  it.each([
    ['refuse', false, []],
    ['unavailable', true, []],
    ['lose-answer', false, [1]],
  ] satisfies [Fault, boolean, number[]][])('%ss', async (fault, retryable, expected) => {
    const { send, stored } = busWith([fault]);
    await expect(send(1)).rejects.toMatchObject({
      code: 'EVENTS_PRODUCE_FAILED',
      topic: 'faults',
      retryable,
    });
    expect(await stored()).toEqual(expected);
  });

  it('draws faults from a seed, the same each time', async () => {
    const plan = { seed: 9, chances: { drop: 0.3, duplicate: 0.2 } };
    const run = async () => {
      const { send, producer, stored } = busWith(plan);
      for (let number = 0; number < 50; number += 1) await send(number);
      return { faults: producer.faults, stored: await stored() };
    };
    const first = await run();
    expect(await run()).toEqual(first);
    expect(new Set(first.faults)).toEqual(new Set(['pass', 'drop', 'duplicate']));
  });

  it('plays faults on encoded events and bare messages as well', async () => {
    const { broker, producer, send } = busWith(['pass', 'drop', 'refuse', 'duplicate']);
    await send(1);
    const message = { topic: 'faults', key: null, value: Uint8Array.of(1), headers: [] };
    const results = await producer.publishMessages([message, message, message]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(broker.messages('faults')).toHaveLength(3);
    expect(await producer.publishEncoded([])).toEqual([]);
  });

  it('sends nothing of a key behind a fault, in a call that keeps the order', async () => {
    const { broker, producer } = busWith(['pass', 'refuse']);
    const message = (key: string) => ({
      topic: 'faults',
      key: Buffer.from(key),
      value: Uint8Array.of(1),
      headers: [],
    });
    const batch = ['a', 'b', 'a', 'b', 'b'].map(message);
    const results = await producer.publishMessages(batch, { inOrder: true });
    const codes = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'stored'));
    const later = 'EVENTS_EARLIER_EVENT_FAILED';
    expect(codes).toEqual(['stored', 'EVENTS_PRODUCE_FAILED', 'stored', later, later]);
    expect(broker.messages('faults')).toHaveLength(2);
  });

  it('releases what it holds when it is closed', async () => {
    const { send, stored, producer } = busWith(['hold']);
    const held = send(1);
    await producer.close();
    expect(await held).toMatchObject({ position: '0:0' });
    expect(await stored()).toEqual([1]);
    expect(producer.health().live).toBe(false);
  });

  it('refuses a plan with anything unknown in it', () => {
    const wrong: [unknown, string[]][] = [
      [['pass', 'explode'], ['1']],
      [{ seed: 1, chances: { explode: 0.1, drop: 2 } }, ['chances.explode', 'chances.drop', 'chances']],
      [{ seed: 1, chances: { pass: 0.5 } }, ['chances.pass']],
    ];
    for (const [plan, paths] of wrong) {
      try {
        busWith(plan as FaultPlan);
        expect.unreachable();
      } catch (error) {
        expect((error as InvalidOptionsError).issues.map(({ path }) => path)).toEqual(paths);
      }
    }
  });
});
