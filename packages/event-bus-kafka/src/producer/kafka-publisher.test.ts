import { configureEvents } from '@openedx-ts/events-core';
import { deferred, type Message, type PublishOutcome } from '@openedx-ts/events-core/bus';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { resolveProducerOptions } from '../options/kafka-options.js';
import { FakeKafka, type Fault } from './fake-kafka.test-support.js';
import { KafkaPublisher, type KafkaPublisherOptions } from './kafka-publisher.js';
import { partitionerOf } from './partitioner.js';

const options: KafkaPublisherOptions = {
  ...resolveProducerOptions({
    bootstrapServers: 'localhost:1',
    schemaRegistry: { url: 'http://localhost:1' },
    allowAutoTopicCreation: false,
  }),
  partitioner: 'crc32',
};
const publisherOf = (kafka: FakeKafka, more: Partial<KafkaPublisherOptions> = {}) =>
  new KafkaPublisher({ ...options, ...more } as KafkaPublisherOptions, kafka.openSession);
const message = (value: string, key: string | null = 'k', topic = 't'): Message => ({
  topic,
  key: key === null ? null : Buffer.from(key),
  value: Buffer.from(value),
  headers: [],
});
const messages = (...values: string[]) => values.map((value) => message(value));
const unknown = { error: expect.objectContaining({ mayBeAccepted: true, retryable: true }) };
const failure = (fields: object) => ({ error: expect.objectContaining(fields) });
const sequences = ({ seen }: FakeKafka) => seen.map(({ epoch, base }) => [epoch, base]);

describe('KafkaPublisher, where an answer is missing', () => {
  it.each<Fault>(['answerLost', 'requestLost', 'leaderMoved', 6, 7, 20])(
    'sends the batch again as it was after %s, and stores it once',
    async (fault) => {
      const kafka = new FakeKafka();
      const publisher = publisherOf(kafka);
      const [first, second] = [messages('a', 'b'), messages('c')];
      kafka.faults.push(fault);
      expect(await publisher.publish(first)).toEqual([unknown, unknown]);
      const outcomes = await publisher.publish([...first, ...second]);
      expect(outcomes).toEqual([{ position: '0:0' }, { position: '0:1' }, { position: '0:2' }]);
      expect(kafka.stored('t')).toStrictEqual(['a', 'b', 'c']);
      expect(kafka.seen[1]?.bytes).toStrictEqual(kafka.seen[0]?.bytes);
      expect(sequences(kafka)).toStrictEqual([
        [0, 0],
        [0, 0],
        [0, 2],
      ]);
    },
  );

  it('sends it before all others, and nothing else to its partition while that fails', async () => {
    const kafka = new FakeKafka();
    const publisher = publisherOf(kafka);
    const first = message('a');
    kafka.faults.push('answerLost', 'answerLost');
    await publisher.publish([first]);
    const [again, other] = await publisher.publish([first, message('b', 'other')]);
    expect(again).toEqual(unknown);
    expect(other).toEqual(failure({ retryable: true }));
    expect((other as { error: object }).error).not.toHaveProperty('mayBeAccepted');
    const [mine] = await publisher.publish([message('c', 'other')]);
    expect(mine).toStrictEqual({ position: '0:1' });
    expect(kafka.stored('t')).toStrictEqual(['a', 'c']);
    const seen = kafka.seen.length;
    expect(await publisher.publish([first])).toStrictEqual([{ position: '0:0' }]); // found out with the other
    expect(kafka.seen).toHaveLength(seen);
  });

  it('sends nothing of another call to its partition while it stays open', async () => {
    const kafka = new FakeKafka();
    const publisher = publisherOf(kafka);
    const first = messages('a');
    kafka.faults.push('requestLost', 19);
    await publisher.publish(first);
    const [other] = await publisher.publish([message('b', 'other')]);
    expect(other).toEqual(failure({ retryable: true }));
    expect((other as { error: object }).error).not.toHaveProperty('mayBeAccepted');
    expect(kafka.seen[1]?.bytes).toStrictEqual(kafka.seen[0]?.bytes);
    expect(kafka.seen).toHaveLength(2);
    expect(await publisher.publish(first)).toStrictEqual([{ position: '0:0' }]);
  });

  it('keeps sending it unchanged through errors that stored nothing, also to another leader', async () => {
    const kafka = new FakeKafka();
    const publisher = publisherOf(kafka);
    const [first] = messages('a');
    kafka.faults.push('answerLost', 6, 19);
    expect(await publisher.publish([first as Message])).toEqual([unknown]);
    kafka.leaders = [2];
    expect(await publisher.publish([first as Message])).toEqual([unknown]);
    expect(await publisher.publish([first as Message])).toEqual([unknown]);
    expect(await publisher.publish([first as Message])).toStrictEqual([{ position: '0:0' }]);
    expect(kafka.seen.map(({ node }) => node)).toStrictEqual([1, 2, 2, 2]);
    expect(new Set(kafka.seen.map(({ bytes }) => bytes.toString('hex'))).size).toBe(1);
  });

  it('accepts a batch that the broker has stored too long ago to know its offset', async () => {
    const kafka = new FakeKafka();
    const publisher = publisherOf(kafka);
    const first = messages('a', 'b');
    kafka.faults.push('answerLost', 46);
    await publisher.publish(first);
    expect(await publisher.publish(first)).toStrictEqual([{ position: '0:-1' }, { position: '0:-1' }]);
  });

  it('rejects it as unknown once its leader has lost count, and never sends it under another epoch', async () => {
    const kafka = new FakeKafka();
    const publisher = publisherOf(kafka);
    await publisher.publish(messages('before'));
    const [first] = messages('a');
    kafka.faults.push('requestLost', 45);
    await publisher.publish([first as Message]);
    const lost = failure({ outcome: 'unknown', retryable: false });
    expect(await publisher.publish([first as Message])).toEqual([lost]);
    expect(await publisher.publish([first as Message])).toEqual([lost]);
    expect(await publisher.publish(messages('b'))).toStrictEqual([{ position: '0:1' }]);
    expect(kafka.stored('t')).toStrictEqual(['before', 'b']);
    expect(sequences(kafka).at(-1)).toStrictEqual([1, 0]);
  });

  it('rejects it as unknown when the broker refuses it for good the second time', async () => {
    const kafka = new FakeKafka();
    const publisher = publisherOf(kafka);
    const first = messages('a', 'b');
    kafka.faults.push('answerLost', 10);
    await publisher.publish(first);
    const lost = failure({ outcome: 'unknown', retryable: false });
    expect(await publisher.publish(first)).toEqual([lost, lost]);
    expect(await publisher.publish(messages('c'))).toStrictEqual([{ position: '0:2' }]);
    expect(kafka.stored('t')).toStrictEqual(['a', 'b', 'c']);
  });

  it('starts another epoch instead of sending a batch that nobody waits for any more', async () => {
    const kafka = new FakeKafka();
    let now = 0;
    using _ = configureEvents({ clock: { now: () => 0, monotonic: () => now, sleep: async () => {} } });
    const publisher = publisherOf(kafka, { deliveryTimeoutMs: 1_000 });
    kafka.faults.push('requestLost');
    const first = messages('a');
    await publisher.publish(first);
    now = 1_001;
    expect(await publisher.publish(messages('b'))).toStrictEqual([{ position: '0:0' }]);
    expect(await publisher.publish(first)).toEqual([failure({ outcome: 'unknown', retryable: false })]);
    expect(kafka.stored('t')).toStrictEqual(['b']);
  });
});

describe('KafkaPublisher, where a batch is refused', () => {
  it.each([3, 19, 32])('uses the same sequence number again after error %i', async (code) => {
    const kafka = new FakeKafka();
    const publisher = publisherOf(kafka);
    kafka.faults.push(code);
    const [outcome] = await publisher.publish(messages('a'));
    expect(outcome).toEqual(failure({ retryable: true }));
    expect((outcome as { error: object }).error).not.toHaveProperty('mayBeAccepted');
    expect(await publisher.publish(messages('b'))).toStrictEqual([{ position: '0:0' }]);
    expect(sequences(kafka)).toStrictEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('finds the message to blame, and stores the others', async () => {
    const kafka = new FakeKafka();
    const publisher = publisherOf(kafka);
    const sent = ['a', 'b', 'c', 'd'].map((value) => message(value, value));
    kafka.faults.push(10, 10, 10, undefined, undefined);
    const outcomes = await publisher.publish(sent);
    expect(outcomes).toEqual([
      failure({ isTooLarge: true, retryable: false }),
      { position: '0:0' },
      { position: '0:1' },
      { position: '0:2' },
    ]);
    expect(kafka.stored('t')).toStrictEqual(['b', 'c', 'd']);
  });

  it('continues with the next epoch when the leader lost count of batches before', async () => {
    const kafka = new FakeKafka();
    const publisher = publisherOf(kafka);
    await publisher.publish(messages('a'));
    await publisher.publish(messages('b'));
    kafka.loseLast('t');
    expect(await publisher.publish(messages('c'))).toStrictEqual([{ position: '0:1' }]);
    expect(await publisher.publish(messages('d'))).toStrictEqual([{ position: '0:2' }]);
    expect(sequences(kafka).slice(2)).toStrictEqual([
      [0, 2],
      [1, 0],
      [1, 1],
    ]);
    expect(kafka.ids).toBe(1);
  });

  it('fetches another id when the epochs of the first are used up', async () => {
    const kafka = new FakeKafka();
    kafka.firstEpoch = 32_767;
    const publisher = publisherOf(kafka);
    await publisher.publish(messages('a'));
    kafka.firstEpoch = 0;
    kafka.faults.push(59);
    expect(await publisher.publish(messages('b'))).toStrictEqual([{ position: '0:1' }]);
    expect(kafka.seen.map(({ producerId, epoch }) => [producerId, epoch])).toStrictEqual([
      [100n, 32_767],
      [100n, 32_767],
      [200n, 0],
    ]);
  });
});

describe('KafkaPublisher, with several partitions and topics', () => {
  /** Keys of messages for the partitions 0, 1 and 2 of three. */
  const keys = [0, 1, 2].map((partition) =>
    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].find(
      (key) => partitionerOf('crc32')(Buffer.from(key), 3) === partition,
    ),
  ) as string[];
  const partitionOf = ({ seen }: FakeKafka) => seen.map(({ partition }) => partition);

  it('fails only what belongs to a partition without a leader, and sends nothing there', async () => {
    const kafka = new FakeKafka(3);
    const publisher = publisherOf(kafka);
    const sent = () => keys.map((key) => message(key, key));
    expect(await publisher.publish(sent())).toStrictEqual([
      { position: '0:0' },
      { position: '1:0' },
      { position: '2:0' },
    ]);
    kafka.leaders = [1, -1, 1];
    expect(await publisher.publish(sent())).toEqual([
      { position: '0:1' },
      failure({ message: expect.stringContaining('Topic t: partition 1 has no leader') }),
      { position: '2:1' },
    ]);
    expect(partitionOf(kafka).filter((partition) => partition === 1)).toHaveLength(1);
  });

  it('reports what other partitions have stored while one does not answer, also behind what it settles', async () => {
    const kafka = new FakeKafka(2);
    const publisher = publisherOf(kafka, { maxMessageBytes: 250 });
    const keys = [0, 1].map((partition) => keyOf(partition, 2));
    const lost = message('lost', keys[0]);
    kafka.faults.push('requestLost');
    await publisher.publish([lost]);
    const hang = deferred();
    kafka.hanging.set(0, hang.promise);
    const reported: number[] = [];
    const batch = [lost, ...[0, 1, 0, 1, 0, 1].map((partition, n) => message(`m${n}`, keys[partition]))];
    const publishing = publisher.publish(batch, undefined, (place) => reported.push(place));
    await vi.waitFor(() => expect(reported).toEqual([2, 4, 6]));
    expect(kafka.stored('t', 1)).toEqual(['m1', 'm3', 'm5']);
    expect(batch.map((one) => publisher.partitionOf(one))).toEqual([0, 0, 1, 0, 1, 0, 1]);
    expect(publisher.partitionOf(message('m', null))).toBeUndefined();
    hang.resolve();
    expect((await publishing).map((outcome) => 'position' in outcome)).toEqual(batch.map(() => true));
    expect(kafka.stored('t', 0)).toEqual(['lost', 'm0', 'm2', 'm4']);
    expect(reported.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('spreads messages without a key over the partitions that have a leader', async () => {
    const kafka = new FakeKafka(3);
    kafka.leaders = [1, -1, 1];
    const outcomes = await publisherOf(kafka).publish(
      Array.from({ length: 60 }, (_, number) => message(`${number}`, null)),
    );
    expect(outcomes.filter((outcome) => 'error' in outcome)).toStrictEqual([]);
    expect(new Set(partitionOf(kafka))).toStrictEqual(new Set([0, 2]));
  });

  it('fails only what belongs to a topic that is gone or forbidden', async () => {
    const kafka = new FakeKafka();
    const publisher = publisherOf(kafka);
    for (const topic of ['a', 'b', 'c']) await publisher.publish([message('1', 'k', topic)]);
    kafka.topicErrors.set('b', 3).set('c', 29);
    const [a, b, c] = await Promise.all(
      ['a', 'b', 'c'].map((topic) => publisher.publish([message('2', 'k', topic)])),
    );
    expect(a).toStrictEqual([{ position: '0:1' }]);
    expect(b).toEqual([failure({ message: expect.stringContaining('the topic does not exist: create it') })]);
    expect(c).toEqual([failure({ code: 'EVENT_BUS_KAFKA_ACCESS' })]);
  });
});

describe('KafkaPublisher, without a producer id', () => {
  const logger = () => ({ debug() {}, info() {}, warn: vi.fn(), error() {} });

  it('sends on and warns once where the user lacks the right', async () => {
    const log = logger();
    using _ = configureEvents({ logger: log });
    const kafka = new FakeKafka(2);
    kafka.initError = 31;
    const publisher = publisherOf(kafka);
    expect(await publisher.publish(messages('a'))).toEqual([{ position: expect.any(String) }]);
    expect(await publisher.publish(messages('b'))).toEqual([{ position: expect.any(String) }]);
    expect(log.warn).toHaveBeenCalledOnce();
    expect(log.warn.mock.calls[0]?.[1]).toContain('grant IdempotentWrite on the cluster');
    expect(sequences(kafka)).toStrictEqual([
      [-1, -1],
      [-1, -1],
    ]);
  });

  it('asks for none where idempotent is false', async () => {
    const kafka = new FakeKafka();
    await publisherOf(kafka, { idempotent: false }).publish(messages('a'));
    expect(kafka.ids).toBe(0);
    expect(kafka.seen[0]?.producerId).toBe(-1n);
  });

  it('waits for a broker that has just started and has no ids yet', async () => {
    using _ = configureEvents({ clock: { now: () => 0, monotonic: () => 0, sleep: async () => {} } });
    const kafka = new FakeKafka();
    kafka.initErrors.push(14, 14);
    expect(await publisherOf(kafka).publish(messages('a'))).toStrictEqual([{ position: '0:0' }]);
    expect(kafka.seen[0]?.producerId).toBe(300n);
  });

  it('asks again after the request for an id failed', async () => {
    const kafka = new FakeKafka();
    kafka.initError = 15;
    const publisher = publisherOf(kafka);
    expect(await publisher.publish(messages('a'))).toEqual([failure({ retryable: true })]);
    kafka.initError = 0;
    expect(await publisher.publish(messages('a'))).toStrictEqual([{ position: '0:0' }]);
  });
});

describe('KafkaPublisher, whatever happens to requests', () => {
  it('stores each accepted event once, each other at most once, and keeps the order of keys', async () => {
    const silent: readonly Fault[] = [undefined, 'answerLost', 'requestLost', 'leaderMoved'];
    const fault = fc.constantFrom<Fault>(...silent, 6, 7, 10, 19, 20, 45, 59);
    const run = fc.record({
      faults: fc.array(fault, { maxLength: 40 }),
      batches: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 }),
      partitions: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(run, async ({ faults, batches, partitions }) => {
        const kafka = new FakeKafka(partitions);
        kafka.faults.push(...faults);
        const settled = await sendAll(publisherOf(kafka), batches);
        const stored = [...kafka.logs.values()].flat();
        for (const [value, isAccepted] of settled) {
          const copies = stored.filter((one) => one === value).length;
          expect(isAccepted ? copies === 1 : copies <= 1).toBe(true);
        }
        for (const log of kafka.logs.values()) {
          for (const key of ['a', 'b', 'c']) {
            const numbers = log.filter((one) => one.startsWith(key)).map((one) => Number(one.slice(1)));
            expect(numbers).toStrictEqual([...numbers].sort((one, other) => one - other));
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Sends batches as a queue of core does: what failed and may be tried again stays in front, as the same messages. */
async function sendAll(
  publisher: KafkaPublisher,
  batches: readonly number[],
): Promise<ReadonlyMap<string, boolean>> {
  const settled = new Map<string, boolean>();
  let waiting: readonly Message[] = [];
  let number = 0;
  const left = [...batches];
  while (left.length > 0 || waiting.length > 0) {
    const added = Array.from({ length: left.shift() ?? 0 }, () => {
      const key = ['a', 'b', 'c'][number % 3] as string;
      number += 1;
      return message(`${key}${number}`, key);
    });
    const batch = [...waiting, ...added];
    const outcomes: readonly PublishOutcome[] = await publisher.publish(batch);
    waiting = batch.filter((_, place) => mayRetry(outcomes[place] as PublishOutcome));
    for (const [place, { value }] of batch.entries()) {
      const outcome = outcomes[place] as PublishOutcome;
      if (!mayRetry(outcome)) settled.set(String(value), 'position' in outcome);
    }
  }
  return settled;
}

function mayRetry(outcome: PublishOutcome): boolean {
  if ('notAttempted' in outcome) return true;
  return 'error' in outcome && (outcome.error as { retryable?: unknown }).retryable === true;
}

/** A key of a partition. */
function keyOf(partition: number, count: number): string {
  for (let number = 0; ; number += 1)
    if (partitionerOf('crc32')(Buffer.from(`k${number}`), count) === partition) return `k${number}`;
}

describe('KafkaPublisher, where another cluster has come in the place of its own', () => {
  const values = ['0', '1', '2', '3', '4'];

  it('loses no event although that cluster gives its producer id to another producer', async () => {
    const kafka = new FakeKafka();
    const [old, young] = [publisherOf(kafka), publisherOf(kafka)];
    await old.publish(messages('before'));
    kafka.replace();
    const sent: string[] = [];
    for (const value of values) {
      for (const [name, publisher] of Object.entries({ old, young })) {
        const [outcome] = await publisher.publish(messages(`${name} ${value}`));
        expect(outcome).toStrictEqual({ position: `0:${sent.length}` });
        sent.push(`${name} ${value}`);
      }
    }
    expect(kafka.stored('t')).toStrictEqual(sent);
  });

  it('loses no event when the other producer was there first', async () => {
    const kafka = new FakeKafka();
    const [old, young] = [publisherOf(kafka), publisherOf(kafka)];
    for (const value of ['a', 'b', 'c']) await old.publish(messages(value));
    kafka.replace();
    for (const value of values) await young.publish(messages(`young ${value}`));
    for (const value of values) await old.publish(messages(`old ${value}`));
    const ofBoth = values.map((value) => `young ${value}`).concat(values.map((value) => `old ${value}`));
    expect(kafka.stored('t')).toStrictEqual(ofBoth);
  });

  it('sends a batch of which it is unknown whether the cluster before has stored it', async () => {
    const kafka = new FakeKafka();
    const publisher = publisherOf(kafka);
    await publisher.publish(messages('before'));
    const first = messages('a', 'b');
    kafka.faults.push('answerLost');
    expect(await publisher.publish(first)).toEqual([unknown, unknown]);
    kafka.replace();
    const outcomes = await publisher.publish([...first, ...messages('c')]);
    expect(outcomes).toStrictEqual([{ position: '0:0' }, { position: '0:1' }, { position: '0:2' }]);
    expect(kafka.stored('t')).toStrictEqual(['a', 'b', 'c']);
  });

  it.each([
    ['for now', 19, { retryable: true }],
    ['for good', 87, { retryable: false, outcome: 'refused' }],
  ])('stores what comes next when that cluster refuses such a batch %s', async (_, code, error) => {
    const kafka = new FakeKafka();
    const publisher = publisherOf(kafka);
    await publisher.publish(messages('before'));
    const [first, second] = messages('a', 'b') as [Message, Message];
    kafka.faults.push('answerLost');
    await publisher.publish([first]);
    kafka.replace();
    kafka.faults.push(code);
    expect(await publisher.publish([first])).toEqual([failure(error)]);
    expect(await publisher.publish([second])).toStrictEqual([{ position: '0:0' }]);
    expect(await publisher.publish([first])).toStrictEqual([{ position: '0:1' }]);
    expect(kafka.stored('t')).toStrictEqual(['b', 'a']);
  });
});
