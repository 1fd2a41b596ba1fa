import assert from 'node:assert/strict';
import { assertEachOnce, range } from '../expectations.js';
import { suite } from './suite.js';

/** Processed events are not redelivered; unprocessed events are. */
export const redelivery = suite('redelivery', [
  {
    name: 'redelivers the events that were not acknowledged before a crash',
    needs: 'crashConsumer',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const hold = bench.hold(() => true);
      const consumer = await bench.consume({ topics: [topic], groupId });
      await bench.sendAll(topic, range(1, 5));
      await hold.reached();
      await bench.crash(consumer);
      const before = bench.numbersOf(groupId).length;
      await bench.consume({ topics: [topic], groupId });
      assertEachOnce(await bench.numbersAgain(groupId, before, range(1, 5)), range(1, 5));
    },
  },
  {
    name: 'redelivers only unacknowledged events when every event is acknowledged by itself',
    needs: 'crashConsumer',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const hold = bench.hold(({ data }) => data.item.number === 4);
      const consumer = await bench.consume({ topics: [topic], groupId, ackEvery: 1 });
      await bench.sendAll(topic, range(1, 6));
      await hold.reached();
      await bench.crash(consumer);
      const before = bench.numbersOf(groupId).length;
      await bench.consume({ topics: [topic], groupId });
      assertEachOnce(await bench.numbersAgain(groupId, before, range(4, 6)), range(4, 6));
    },
  },
  {
    name: 'does not redeliver events that were processed before a consumer was closed',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const consumer = await bench.consume({ topics: [topic], groupId });
      await bench.sendAll(topic, range(1, 20), { keys: 4 });
      await bench.items.count(20);
      await bench.within('consumer.close()', consumer.close());
      await bench.consume({ topics: [topic], groupId });
      await bench.sendAll(topic, range(21, 24), { keys: 4 }); // one behind the last of each key
      await bench.items.count(24);
      assertEachOnce(bench.numbersOf(groupId), range(1, 24));
    },
  },
  {
    name: 'delivers the rest of a batch to another consumer when one leaves',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const hold = bench.hold(({ data }) => data.item.number === 5);
      const leaving = await bench.consume({ topics: [topic], groupId });
      await bench.sendAll(topic, range(1, 20));
      await hold.reached();
      const closed = leaving.close();
      hold.release();
      await bench.within('consumer.close()', closed);
      await bench.consume({ topics: [topic], groupId });
      assertEachOnce(await bench.numbersAgain(groupId, 0, range(1, 20)), range(1, 20));
    },
  },
  {
    name: 'abandons an event that is not finished within the drain timeout, and redelivers it',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const hold = bench.hold(({ data }) => data.item.number === 2);
      const slow = await bench.consume({ topics: [topic], groupId, drainTimeoutMs: 20 });
      await bench.sendAll(topic, range(1, 3));
      const { delivery } = await hold.reached();
      await bench.within('consumer.close()', slow.close());
      assert.equal(delivery?.abortSignal.aborted, true, 'the abort signal of the receiver did not fire');
      const before = bench.numbersOf(groupId).length;
      await bench.consume({ topics: [topic], groupId });
      await bench.numbersAgain(groupId, before, [2, 3]);
    },
  },
]);
