import assert from 'node:assert/strict';
import type { Bench } from '../bench.js';
import type { LaneSwitch } from '../bus-harness.js';
import { assertOrderOfKeys, range } from '../expectations.js';
import { isMissing } from '../missing.js';
import { suite } from './suite.js';

/** A lane of a topic that accepts nothing, such as a partition without a leader, affects no other lane of its topic. */
export const producerLanes = suite('ordering', [
  {
    name: 'accepts events of the other lanes of a topic while one accepts none, and keeps the order of each',
    needs: 'laneOutage',
    run: async (bench) => {
      const outage = laneOutageOf(bench);
      const topic = await bench.topic();
      // The events of the stopped lane fill several batches.
      const producer = await bench.createProducer({ maxBatchSize: MAX_BATCH_SIZE });
      let count = 0;
      const send = (key: string) => {
        count += 1;
        return bench.send(topic, { number: count, key }, { producer });
      };
      const keys = await keysOfLanes(outage, send);
      const [[lane, stopped], ...others] = [...keys] as [[string, string], ...[string, string][]];
      let accepted = 0;
      const waiting: Promise<unknown>[] = [];
      const sendToStopped = () => {
        const sent = send(stopped);
        waiting.push(sent);
        void sent.then(
          () => (accepted += 1),
          () => {},
        );
      };
      await outage.stop(topic, lane);
      try {
        for (const _ of range(1, 3 * MAX_BATCH_SIZE)) sendToStopped();
        for (const _ of range(1, ROUNDS)) {
          sendToStopped();
          await Promise.all(others.map(([, key]) => send(key)));
        }
        assert.equal(accepted, 0, 'laneOutage.stop() of the harness lets the lane accept events');
      } finally {
        await outage.start();
      }
      await Promise.all(waiting);
      await bench.consume({ topics: [topic], startFrom: 'earliest' });
      await bench.items.count(count);
      assertOrderOfKeys(
        bench.items.events.map(({ data }) => data.item),
        range(1, count),
      );
    },
  },
]);

/** A key of each of two or more lanes. */
async function keysOfLanes(
  outage: LaneSwitch,
  send: (key: string) => Promise<{ readonly position: string }>,
): Promise<ReadonlyMap<string, string>> {
  const keys = new Map<string, string>();
  for (let number = 0; keys.size < 2; number += 1) {
    assert.ok(number < MOST_KEYS, 'all events have gone to one lane: createTopic() must make several');
    const key = `key-${number}`;
    keys.set(outage.laneOf((await send(key)).position), key);
  }
  return keys;
}

function laneOutageOf({ harness: { laneOutage } }: Bench): LaneSwitch {
  if (laneOutage === undefined || isMissing(laneOutage))
    throw new TypeError('the test does not need laneOutage');
  return laneOutage;
}

const MAX_BATCH_SIZE = 10;
const ROUNDS = 5;
/** That so many keys share one of two lanes by chance is less likely than 1 in 10¹². */
const MOST_KEYS = 40;
