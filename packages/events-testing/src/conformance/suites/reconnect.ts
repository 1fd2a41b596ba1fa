import assert from 'node:assert/strict';
import { assertInOrder, assertNoneLost, range } from '../expectations.js';
import { suite } from './suite.js';

/** An outage of the broker costs time and nothing else. */
export const reconnect = suite('reconnect', [
  {
    name: 'consumes again after the broker was unreachable while the topic was idle',
    needs: 'outage',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      await bench.consume({ topics: [topic], groupId });
      await bench.send(topic, { number: 1 });
      await bench.numbersUntil(groupId, 1);
      await bench.stopBroker();
      await bench.startBroker();
      await bench.send(topic, { number: 2 });
      assertNoneLost(await bench.numbersUntil(groupId, 2), [1, 2]);
    },
  },
  {
    name: 'loses no event when the broker becomes unreachable while events are in flight',
    needs: 'outage',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const hold = bench.hold(({ data }) => data.item.number === 3);
      await bench.consume({ topics: [topic], groupId, ackEvery: 1 });
      await bench.sendAll(topic, range(1, 20));
      await hold.reached();
      await bench.stopBroker();
      hold.release();
      await bench.until('a third processed event', () => {
        const processed = bench.facts.filter((fact) => fact.type === 'event.handled');
        return processed.length >= 3 ? true : undefined;
      });
      await bench.startBroker();
      assertNoneLost(await bench.numbersUntil(groupId, 20), range(1, 20));
    },
  },
  {
    name: 'acknowledges after an outage the events that were processed during it',
    needs: 'outage',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const hold = bench.hold(({ data }) => data.item.number === 1);
      const consumer = await bench.consume({ topics: [topic], groupId });
      await bench.send(topic, { number: 1 });
      await hold.reached();
      await bench.stopBroker();
      hold.release();
      await bench.fact('a processed event', (fact) => fact.type === 'event.handled');
      await bench.startBroker();
      await bench.send(topic, { number: 2 });
      await bench.numbersUntil(groupId, 2);
      await bench.within('consumer.close()', consumer.close());
      const before = bench.numbersOf(groupId).length;
      await bench.consume({ topics: [topic], groupId });
      await bench.send(topic, { number: 3 });
      assert.deepEqual((await bench.numbersUntil(groupId, 3)).slice(before), [3]);
    },
  },
  {
    name: 'loses no accepted event when the broker becomes unreachable while events are sent',
    needs: 'outage',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const first = await bench.consume({ topics: [topic], groupId });
      await bench.within('consumer.close()', first.close()); // from here on the group has a position
      const accepted: number[] = [];
      const sending = (async () => {
        for (const number of range(1, 30)) {
          const sent = bench.send(topic, { number });
          await sent.then(() => accepted.push(number)).catch(() => {});
        }
      })();
      await bench.until('ten accepted events', () => (accepted.length >= 10 ? true : undefined));
      await bench.stopBroker();
      await bench.startBroker();
      await sending;
      await bench.send(topic, { number: 31 });
      await bench.consume({ topics: [topic], groupId });
      const received = await bench.numbersUntil(groupId, 31);
      const lost = accepted.filter((number) => !received.includes(number));
      assert.deepEqual(lost, [], 'accepted, and never delivered');
    },
  },
  {
    name: 'delivers events that were sent while the broker was unreachable, once it is back',
    needs: 'outage',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      await bench.consume({ topics: [topic], groupId });
      const producer = await bench.createProducer();
      await bench.send(topic, { number: 1 }, { producer });
      await bench.stopBroker();
      let isAccepted = false;
      const sends = range(2, 4).map((number) => bench.send(topic, { number }, { producer }));
      Promise.any(sends).then(
        () => {
          isAccepted = true;
        },
        () => {}, // the wait for all of them shows it
      );
      await bench.until('a producer that is not ready', () => (producer.health().ready ? undefined : true));
      assert.equal(isAccepted, false, 'a send resolved while the broker was unreachable');
      assert.equal(producer.health().live, true);
      await bench.startBroker();
      await Promise.all(sends);
      assertInOrder(await bench.numbersUntil(groupId, 4), range(1, 4));
      await bench.until('a producer that is ready', () => (producer.health().ready ? true : undefined));
    },
  },
  {
    name: 'waits for a broker that is unreachable at the start, and then consumes',
    needs: 'outage',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      await bench.stopBroker();
      const consumer = await bench.createConsumer({ topics: [topic], groupId });
      const running = consumer.run();
      running.catch(() => {}); // the wait below shows it
      let isReady = false;
      const ready = consumer.ready.then(() => {
        isReady = true;
      });
      const reason = await bench.until('a reason for not being ready', () => consumer.health().reasons[0]);
      assert.notEqual(reason, '');
      assert.deepEqual([consumer.state, consumer.health().live, isReady], ['running', true, false]);
      await bench.startBroker();
      await bench.within('consumer.ready', ready);
      await bench.send(topic, { number: 1 });
      assert.deepEqual(await bench.numbersUntil(groupId, 1), [1]);
    },
  },
  {
    name: 'close() returns while the broker is unreachable',
    needs: 'outage',
    run: async (bench) => {
      const topic = await bench.topic();
      const consumer = await bench.consume({ topics: [topic] });
      await bench.stopBroker();
      await bench.within('consumer.close()', consumer.close());
    },
  },
]);
