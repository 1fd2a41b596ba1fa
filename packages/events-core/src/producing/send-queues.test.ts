import { expect, it } from 'vitest';
import { deferred } from '../runtime/deferred.js';
import { settle } from '../runtime/manual-clock.test-support.js';
import type { Message } from '../wire/message.js';
import { SendQueues, type SendQueuesOptions } from './send-queues.js';

const accepted = { position: '0' };

function queuesOf(publish: SendQueuesOptions['publish'], laneOf?: SendQueuesOptions['laneOf']) {
  const queues = new SendQueues({
    maxBatchSize: 10,
    deliveryTimeoutMs: 60_000,
    publish,
    ...(laneOf && { laneOf }),
  });
  const settled: string[] = [];
  const send = (topic: string, value: string) =>
    queues.of(topic).add({
      message: () => ({ topic, key: Buffer.from(value), value: Buffer.from(value), headers: [] }),
      key: value,
      accepted: () => settled.push(`${topic} ${value}`),
      failed: () => settled.push(`${topic} ${value} failed`),
    });
  return { queues, send, settled };
}

it.each([
  ['without lanes', undefined],
  ['with lanes', () => '0'],
])('keeps no queue of each topic that a program has made up, %s', async (_, laneOf) => {
  const { queues, send, settled } = queuesOf(async (all) => all.map(() => accepted), laneOf);
  for (let number = 0; number < 5_000; number += 1) {
    send(`course-${number}`, 'a');
    if (number % 100 === 0) await settle();
  }
  await queues.flush();
  expect(settled).toHaveLength(5_000);
  expect(queues.size).toBeLessThanOrEqual(1_100);
});

it('keeps a queue while a send waits in it, so that its topic keeps its order', async () => {
  const calls: string[] = [];
  const isOver = deferred();
  const publish = async (all: readonly Message[]) => {
    calls.push(...all.map(({ topic, value }) => `${topic} ${value}`));
    if (all[0]?.topic === 'slow' && calls.filter((one) => one.startsWith('slow')).length === 1)
      await isOver.promise;
    return all.map(() => accepted);
  };
  const { queues, send, settled } = queuesOf(publish);
  send('slow', 'a');
  for (let number = 0; number < 3_000; number += 1) {
    send(`course-${number}`, 'a');
    if (number % 100 === 0) await settle();
  }
  send('slow', 'b');
  await settle();
  expect(calls.filter((one) => one.startsWith('slow'))).toEqual(['slow a']);
  isOver.resolve();
  await queues.flush();
  expect(settled.filter((one) => one.startsWith('slow'))).toEqual(['slow a', 'slow b']);
});

it('keeps the queue of a topic of which one lane waits', async () => {
  const isOver = deferred();
  const publish: SendQueuesOptions['publish'] = async (all, _, report) => {
    if (all[0]?.topic !== 'slow') return all.map(() => accepted);
    for (const [place, { value }] of all.entries()) if (String(value) !== 'hangs') report(place, accepted);
    await isOver.promise;
    return all.map(() => accepted);
  };
  const { queues, send, settled } = queuesOf(publish, ({ value }) => String(value));
  send('slow', 'hangs');
  send('slow', 'goes on');
  await settle();
  const queue = queues.of('slow');
  for (let number = 0; number < 3_000; number += 1) {
    send(`course-${number}`, 'a');
    if (number % 100 === 0) await settle();
  }
  expect(queues.of('slow')).toBe(queue);
  isOver.resolve();
  await queues.flush();
  expect(settled.filter((one) => one.startsWith('slow'))).toEqual(['slow goes on', 'slow hangs']);
});
