import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Bench } from '../bench.js';
import { assertInOrder, assertOrderOfKeys, type NumberedItem, range } from '../expectations.js';
import { suite } from './suite.js';

/** Events of one key are processed in the order in which they were sent. */
export const ordering = suite('ordering', [
  {
    name: 'keeps the order of a key with one consumer',
    run: async (bench) => {
      const topic = await bench.topic();
      takeTurns(bench);
      for (const number of range(1, 60)) await bench.send(topic, { number, key: `key-${number % 3}` });
      await bench.consume({ topics: [topic], startFrom: 'earliest' });
      await bench.items.count(60);
      assertOrderOfKeys(itemsOf(bench), range(1, 60));
    },
  },
  {
    name: 'keeps the order of a key among sends that overlap',
    run: async (bench) => {
      const topic = await bench.topic();
      takeTurns(bench);
      await bench.consume({ topics: [topic] });
      await bench.sendAll(topic, range(1, 300), { keys: 3 });
      await bench.items.count(300);
      assertOrderOfKeys(itemsOf(bench), range(1, 300));
    },
  },
  {
    name: 'keeps the order of a key with several consumers',
    needs: 'orderWithSeveralConsumers',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      takeTurns(bench);
      for (const _ of range(1, 3)) await bench.consume({ topics: [topic], groupId });
      await bench.sendAll(topic, range(1, 300), { keys: 7 });
      await bench.items.count(300);
      assertOrderOfKeys(itemsOf(bench), range(1, 300));
    },
  },
  {
    name: 'keeps the order of a key across the event types of a topic',
    run: async (bench) => {
      const { item, other } = bench.signals;
      const topic = await bench.topic();
      const received: NumberedItem[] = [];
      for (const signal of [item, other]) signal.connect(({ data }) => void received.push(data.item));
      takeTurns(bench);
      const sends = range(1, 120).map((number) => {
        const key = `key-${Math.ceil(number / 2) % 6}`;
        return bench.send(topic, { number, key }, { signal: number % 2 === 0 ? other : item });
      });
      await Promise.all(sends);
      await bench.consume({ topics: [topic], startFrom: 'earliest' });
      await bench.until('120 events', () => (received.length >= 120 ? true : undefined));
      assertOrderOfKeys(received, range(1, 120));
    },
  },
  {
    name: 'keeps the order of a key when events are redelivered after a crash',
    needs: 'crashConsumer',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const hold = bench.hold(({ data }) => data.item.number === 4);
      const consumer = await bench.consume({ topics: [topic], groupId });
      await bench.sendAll(topic, range(1, 10));
      await hold.reached();
      await bench.crash(consumer);
      const before = bench.numbersOf(groupId).length;
      await bench.consume({ topics: [topic], groupId });
      const again = (await bench.numbersUntil(groupId, 10)).slice(before);
      assertInOrder(again, range(again[0] ?? 1, 10));
    },
  },
  {
    name: 'holds back the events of a key while an earlier one is retried',
    run: async (bench) => {
      const topic = await bench.topic();
      const processed: number[] = [];
      bench.signals.item.connect(({ data: { item }, delivery }) => {
        if (item.number === 2 && (delivery?.attempt ?? 0) < 3) throw new Error('not yet');
        processed.push(item.number);
      });
      await bench.consume({ topics: [topic], maxAttempts: 5 });
      await bench.sendAll(topic, range(1, 5));
      await bench.until('five processed events', () => (processed.length >= 5 ? processed : undefined));
      assertInOrder(processed, range(1, 5));
    },
  },
]);

/** Makes receivers slower for some events than for others, so that events that are not kept in order overtake each other. */
function takeTurns({ signals: { item, other } }: Bench): void {
  for (const signal of [item, other]) {
    signal.connect(async ({ data }) => {
      for (let turns = (data.item.number * 7) % 5; turns > 0; turns -= 1) await nextTurn();
    });
  }
}

function itemsOf(bench: Bench): readonly NumberedItem[] {
  return bench.items.events.map(({ data }) => data.item);
}
