import type { Message } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { recordingServer } from '../driver/recording-server.test-support.js';
import { RedisEventBusProducer } from './redis-event-bus-producer.js';

describe('RedisEventBusProducer', () => {
  it('keeps the order of a key when Redis refuses an event and would accept the next', async () => {
    await using redis = await redisShortOfMemory();
    await publish(redis.url, [message('course-a', 'first'), message('course-a', 'second')]);
    expect(redis.stored).toStrictEqual(['first', 'second']);
  });

  it('does not hold up events of other keys', async () => {
    await using redis = await redisShortOfMemory();
    await publish(redis.url, [message('course-a', 'first'), message('course-b', 'second')]);
    expect(redis.stored).toStrictEqual(['second', 'first']);
  });
});

async function publish(url: string, messages: readonly Message[]): Promise<void> {
  await using producer = new RedisEventBusProducer({ url });
  const outcomes = await producer.publishMessages(messages);
  expect(outcomes.map(({ status }) => status)).toStrictEqual(['fulfilled', 'fulfilled']);
}

function message(key: string, value: string): Message {
  return { topic: 'orders', key: Buffer.from(key), value: Buffer.from(value), headers: [] };
}

/** A server that refuses the first entry of all for lack of memory, and then has some. It knows transactions. */
async function redisShortOfMemory() {
  const stored: string[] = [];
  let refusals = 1;
  let transaction: { readonly values: string[]; isAborted: boolean } | undefined;
  const store = (value: string) => `$3\r\n${stored.push(value)}-0\r\n`;
  const server = await recordingServer((words) => {
    const [name] = words;
    if (name === 'MULTI') transaction = { values: [], isAborted: false };
    if (name === 'EXEC') {
      const { values = [], isAborted = false } = transaction ?? {};
      transaction = undefined;
      if (isAborted) return '-EXECABORT Transaction discarded because of previous errors.\r\n';
      return `*${values.length}\r\n${values.map(store).join('')}`;
    }
    if (name !== 'XADD') return '+OK\r\n';
    if (refusals > 0) {
      refusals -= 1;
      if (transaction !== undefined) transaction.isAborted = true;
      return "-OOM command not allowed when used memory > 'maxmemory'.\r\n";
    }
    const value = words.at(-1) ?? '';
    if (transaction === undefined) return store(value);
    transaction.values.push(value);
    return '+QUEUED\r\n';
  });
  return {
    url: `redis://127.0.0.1:${server.port}`,
    stored,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
