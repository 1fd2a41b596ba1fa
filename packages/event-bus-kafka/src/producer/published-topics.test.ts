import { deferred, type Message, type PublishOutcome } from '@openedx-ts/events-core/bus';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { resolveProducerOptions } from '../options/kafka-options.js';
import { CurrentSession } from './current-session.js';
import { FakeKafka, type Fault } from './fake-kafka.test-support.js';
import { KafkaPublisher } from './kafka-publisher.js';
import { ProducerIdentity } from './producer-identity.js';
import { PublishedTopics } from './published-topics.js';

const options = resolveProducerOptions({
  bootstrapServers: 'localhost:1',
  schemaRegistry: { url: 'http://localhost:1' },
  allowAutoTopicCreation: false,
});
const keptTopics = 10;
const publisherOf = (kafka: FakeKafka) =>
  new KafkaPublisher({ ...options, partitioner: 'crc32', keptTopics }, kafka.openSession);
const message = (topic: string, value: string): Message => ({
  topic,
  key: Buffer.from('k'),
  value: Buffer.from(value),
  headers: [],
});
const courses = Array.from({ length: 2 * keptTopics + 1 }, (_, number) => `course-${number}`);

describe('PublishedTopics', () => {
  it('keeps no topic of each that a program has made up', () => {
    const identity = new ProducerIdentity(true);
    const session = new CurrentSession(new FakeKafka().openSession);
    const topics = new PublishedTopics({
      session,
      identity,
      openBatches: new WeakMap(),
      compression: undefined,
      allowAutoTopicCreation: false,
      deliveryTimeoutMs: 1_000,
    });
    for (let number = 0; number < 3_000; number += 1) {
      topics.enter(`course-${number}`);
      topics.partition(`course-${number}`, 0);
      topics.leave(`course-${number}`);
    }
    expect(topics.size).toBeLessThanOrEqual(1_000);
  });

  it('loses and doubles no event of a topic that was forgotten and is published to again', async () => {
    const kafka = new FakeKafka();
    const publisher = publisherOf(kafka);
    for (const [round, value] of ['a', 'b', 'c'].entries())
      for (const topic of courses)
        expect(await publisher.publish([message(topic, value)])).toEqual([{ position: `0:${round}` }]);
    expect(kafka.stored('course-0')).toEqual(['a', 'b', 'c']);
    expect(kafka.seen).toHaveLength(3 * courses.length); // no batch was sent a second time
  });

  it('keeps a topic of which a batch waits until it is known what became of it', async () => {
    const kafka = new FakeKafka();
    const publisher = publisherOf(kafka);
    const first = message('t', 'a');
    kafka.faults.push('requestLost');
    await publisher.publish([first]);
    for (const topic of courses) await publisher.publish([message(topic, 'a')]);
    expect(await publisher.publish([message('t', 'b')])).toEqual([{ position: '0:1' }]);
    expect(await publisher.publish([first])).toEqual([{ position: '0:0' }]);
    expect(kafka.stored('t')).toEqual(['a', 'b']);
  });

  it('keeps a topic whose request has no answer yet', async () => {
    const kafka = new FakeKafka();
    const publisher = publisherOf(kafka);
    const answered = deferred();
    kafka.hanging.set(0, answered.promise);
    const hanging = publisher.publish([message('t', 'a')]);
    await vi.waitFor(() => expect(kafka.seen).toHaveLength(1));
    kafka.hanging.clear();
    for (const topic of courses) await publisher.publish([message(topic, 'a')]);
    const next = publisher.publish([message('t', 'b')]);
    await publisher.publish([message('course-0', 'b')]);
    expect(kafka.stored('t')).toEqual([]);
    answered.resolve();
    expect(await Promise.all([hanging, next])).toEqual([[{ position: '0:0' }], [{ position: '0:1' }]]);
  });

  it('stores each accepted event once and in order, whatever happens to requests when topics are forgotten', async () => {
    const fault = fc.constantFrom<Fault>(undefined, 'answerLost', 'requestLost', 'leaderMoved', 6, 19, 45);
    const call = fc.record({ topic: fc.integer({ min: 0, max: 3 }), count: fc.integer({ min: 0, max: 3 }) });
    const calls = fc.array(call, { minLength: 4, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 20 }), calls, async (faults, givenCalls) => {
        const kafka = new FakeKafka();
        kafka.faults.push(...faults);
        const topics = new SentTopics(
          new KafkaPublisher({ ...options, partitioner: 'crc32', keptTopics: 1 }, kafka.openSession),
        );
        for (const { topic, count } of givenCalls) await topics.send(`t${topic}`, count);
        for (let topic = 0; topic < 4; topic += 1) await topics.settle(`t${topic}`);
        for (const [topic, accepted] of topics.accepted) {
          const stored = kafka.stored(topic);
          expect(stored).toStrictEqual([...new Set(stored)].sort());
          expect(stored).toEqual(expect.arrayContaining(accepted));
        }
      }),
      { numRuns: 150 },
    );
  });
});

/** Sends as a queue of core does: what failed and may be tried again stays in front of its topic, as the same messages. */
class SentTopics {
  /** Values by topic. */
  readonly accepted = new Map<string, string[]>();
  readonly #publisher: KafkaPublisher;
  readonly #waiting = new Map<string, readonly Message[]>();
  #number = 100;

  constructor(publisher: KafkaPublisher) {
    this.#publisher = publisher;
  }

  async send(topic: string, count: number): Promise<void> {
    const added = Array.from({ length: count }, () => {
      this.#number += 1;
      return message(topic, `${this.#number}`);
    });
    const batch = [...(this.#waiting.get(topic) ?? []), ...added];
    const outcomes = await this.#publisher.publish(batch);
    const accepted = this.accepted.get(topic) ?? [];
    this.accepted.set(topic, accepted);
    for (const [place, { value }] of batch.entries())
      if ('position' in (outcomes[place] as PublishOutcome)) accepted.push(String(value));
    this.#waiting.set(
      topic,
      batch.filter((_, place) => mayRetry(outcomes[place] as PublishOutcome)),
    );
  }

  async settle(topic: string): Promise<void> {
    while ((this.#waiting.get(topic)?.length ?? 0) > 0) await this.send(topic, 0);
  }
}

function mayRetry(outcome: PublishOutcome): boolean {
  if ('notAttempted' in outcome) return true;
  return 'error' in outcome && (outcome.error as { retryable?: unknown }).retryable === true;
}
