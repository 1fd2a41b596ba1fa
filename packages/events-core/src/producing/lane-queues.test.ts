import { expect, it } from 'vitest';
import { LaneQueues } from './lane-queues.js';
import { WaitingSend } from './waiting-send.js';

it('forgets the keys of settled sends, also of a lane whose queue is never empty', () => {
  const lanes = new LaneQueues({
    topic: 'orders',
    maxBatchSize: 1,
    deliveryTimeoutMs: 60_000,
    publish: () => new Promise(() => {}),
  });
  const sent = (key: string) =>
    new WaitingSend(
      {
        key,
        message: () => ({ topic: 'orders', key: null, value: null, headers: [] }),
        accepted() {},
        failed() {},
      },
      { topic: 'orders', deliveryTimeoutMs: 60_000 },
    );
  const waiting = sent('waits');
  lanes.of('0', waiting);
  for (let number = 0; number < 10_000; number += 1) {
    const send = sent(`key-${number}`);
    lanes.of('0', send);
    send.accept('0:1');
  }
  expect(lanes.keys).toBeLessThanOrEqual(1_001);
  expect(lanes.queueWith(sent('waits'), '1')).toBe(lanes.of('0'));
  expect(lanes.queueWith(sent('key-9999'), '1')).toBeUndefined();
});
