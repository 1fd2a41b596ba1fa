import { expect, it } from 'vitest';
import { deferred } from '../runtime/deferred.js';
import { settle } from '../runtime/manual-clock.test-support.js';
import { recordingLogger } from '../runtime/recording.test-support.js';
import { configureEvents } from '../runtime/runtime.js';
import type { Message } from '../wire/message.js';
import { SendQueues, type SendQueuesOptions } from './send-queues.js';

const accepted = { position: '0' };

function queuesOf(publish: SendQueuesOptions['publish'], options: Partial<SendQueuesOptions> = {}) {
  const queues = new SendQueues({
    maxBatchSize: 10,
    deliveryTimeoutMs: 60_000,
    publish,
    ...options,
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
  ['without lanes', {}],
  ['with lanes', { laneOf: () => '0' }],
])('keeps no queue of each topic that a program has made up, %s', async (_, options) => {
  const { queues, send, settled } = queuesOf(async (all) => all.map(() => accepted), options);
  for (let number = 0; number < 3_000; number += 1) {
    send(`course-${number}`, 'a');
    if (number % 100 === 0) await settle();
  }
  await queues.flush();
  expect(settled).toHaveLength(3_000);
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
  const { queues, send, settled } = queuesOf(publish, { laneOf: ({ value }) => String(value) });
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

it('logs a failure of a topic once, and its end, although its queue was removed between', async () => {
  const logger = recordingLogger();
  using _ = configureEvents({ logger });
  const down = { error: Object.assign(new Error('no leader'), { retryable: true }) };
  let isDown = true;
  const { send, settled } = queuesOf(
    async (all) => all.map(({ topic }) => (isDown && topic === 'down' ? down : accepted)),
    { deliveryTimeoutMs: 0 },
  );
  for (let number = 0; number < 2_500; number += 1) {
    if (number % 500 === 0) {
      isDown = number < 2_000;
      send('down', `${number}`);
    }
    send(`course-${number}`, 'a');
    if (number % 100 === 0) await settle();
  }
  expect(settled.filter((one) => one.startsWith('down'))).toEqual([
    ...['0', '500', '1000', '1500'].map((value) => `down ${value} failed`),
    'down 2000',
  ]);
  expect(logger.lines).toMatchObject([
    { level: 'warn', facts: { topic: 'down', err: down.error } },
    { level: 'warn', facts: { topic: 'down', failures: 4 } },
  ]);
});
