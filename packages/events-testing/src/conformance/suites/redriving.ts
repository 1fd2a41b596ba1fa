import assert from 'node:assert/strict';
import { deadLetterTopic } from '@openedx-ts/events-core/bus';
import { deadLetterQueue, redriveDeadLetters, type TopicStore } from '@openedx-ts/events-core/operate';
import { assertInOrder, assertNoneLost, range } from '../expectations.js';
import { suite } from './suite.js';

/** Operators redrive dead letters to the group that failed, and to no other. */
export const redriving = suite('retry topics', [
  {
    name: 'receives each redriven dead letter in its group alone, in order by key, though the redrive and a member die',
    needs: ['createAdmin', 'crashConsumer'],
    run: async (bench) => {
      const [store, topic] = [await bench.topicStore(), await bench.topic()];
      const [group, other] = [bench.group(), bench.group()];
      let isBroken = true;
      bench.signals.item.connect(({ delivery }) => {
        if (isBroken && delivery?.groupId === group) throw new Error('not yet');
      });
      await bench.consume({ topics: [topic], groupId: other });
      const member = await bench.consume({ topics: [topic], groupId: group, maxAttempts: 1 });
      await bench.sendAll(topic, range(1, COUNT), { keys: 5 });
      await bench.messages(deadLetterTopic(topic, group), COUNT);
      await bench.until('the other group', () => bench.numbersOf(other).length >= COUNT || undefined);
      isBroken = false;
      const before = bench.numbersOf(group).length;
      const stop = new AbortController();
      const queue = deadLetterQueue(store, { topic, groupId: group });
      const redrive = (through: TopicStore) =>
        bench.within(
          'redriveDeadLetters()',
          redriveDeadLetters(through, queue, { all: true, abortSignal: stop.signal }),
        );
      try {
        await assert.rejects(redrive(killedAfter(store, COUNT / 2)), { message: 'killed' });
        await bench.until('some events', () => bench.numbersOf(group).length > before || undefined);
        await bench.crash(member);
        await bench.consume({ topics: [topic], groupId: group, maxAttempts: 1 });
        assert.equal((await redrive(store)).redriven, COUNT);
      } finally {
        stop.abort();
      }
      const numbers = await bench.numbersAgain(group, before, range(1, COUNT));
      assertNoneLost(numbers, range(1, COUNT));
      for (const key of range(0, 4)) {
        const ofKey = (number: number) => number % 5 === key;
        assertInOrder([...new Set(numbers.filter(ofKey))], range(1, COUNT).filter(ofKey));
      }
      assert.equal(bench.numbersOf(other).length, COUNT, 'the other group receives nothing again');
    },
  },
]);

const COUNT = 40;

/** A store as that of a process which is killed after so many writes: it removes nothing. */
function killedAfter(store: TopicStore, writes: number): TopicStore {
  let left = writes;
  return {
    topicPrefix: store.topicPrefix,
    wireFormat: store.wireFormat,
    topicNames: () => store.topicNames(),
    read: (...args) => store.read(...args),
    groupProgress: (...args) => store.groupProgress(...args),
    createRetryTopic: (...args) => store.createRetryTopic(...args),
    moveGroup: (...args) => store.moveGroup(...args),
    fateOf: (...args) => store.fateOf(...args),
    newest: (...args) => store.newest(...args),
    follow: (...args) => store.follow(...args),
    describeTopic: (...args) => store.describeTopic(...args),
    write: (...args) => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error('killed')) : store.write(...args);
    },
    remove: async () => {},
  };
}
