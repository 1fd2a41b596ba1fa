import assert from 'node:assert/strict';
import {
  createMetadata,
  type EventsMetadata,
  type SendReceipt,
  type SignalEvent,
} from '@openedx-ts/events-core';
import { type FieldsInput, fullTopicName } from '@openedx-ts/events-core/bus';
import { dataMatcher } from '../../match-data.js';
import { recordEvents } from '../../record-events.js';
import type { Bench } from '../bench.js';
import type { RichFields } from '../bench-signals.js';
import { assertEachOnce, range } from '../expectations.js';
import { suite } from './suite.js';

/** What is sent arrives as it was sent, once, where it should and nowhere else. */
export const delivery = suite('delivery', [
  {
    name: 'delivers data, metadata and every header to the receiver',
    run: async (bench) => {
      const metadata = createMetadata({
        ...bench.signals.rich,
        id: '0198c5a0-1234-7abc-8def-0123456789ab',
        source: 'openedx/grades/web',
        sourceHost: 'host.example.com',
        time: '2026-01-02T03:04:05.678901+00:00',
        sourceLib: [9, 8, 7],
        correlationId: 'correlation-1',
        causationId: 'causation-1',
        trace: {
          traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
          tracestate: 'vendor=value',
        },
      });
      const { event } = await sendRich(bench, fullData, metadata);
      assertSameMetadata(event.metadata, metadata);
      assert.equal(event.fromEventBus, true);
    },
  },
  {
    name: 'returns the position of an event, and the receiver sees the same',
    run: async (bench) => {
      const { event, receipt, topic, groupId } = await sendRich(bench, fullData);
      assert.equal(receipt.eventId, event.metadata.id);
      assert.equal(receipt.topic, topic);
      assert.notEqual(receipt.position, '');
      const { abortSignal, ...delivery } = event.delivery ?? assert.fail('there is no delivery');
      assert.deepEqual(delivery, { topic, groupId, position: receipt.position, attempt: 1 });
      assert.equal(abortSignal.aborted, false);
    },
  },
  {
    name: 'delivers 1,000 events, each once',
    run: async (bench) => {
      const topic = await bench.topic();
      const consumer = await bench.consume({ topics: [topic] });
      await bench.sendAll(topic, range(1, 1_000), { keys: 50 });
      await bench.items.count(1_000);
      await bench.within('consumer.close()', consumer.close()); // anything that comes twice has come by now
      assertEachOnce(
        bench.items.events.map(({ data }) => data.item.number),
        range(1, 1_000),
      );
    },
  },
  {
    name: 'distinguishes empty values from absent values',
    run: async (bench) => {
      await sendRich(bench, emptyData);
      await sendRich(bench, { ...emptyData, rich: { ...emptyData.rich, ...absentValues } });
    },
  },
  {
    name: 'carries several event types on one topic',
    run: async (bench) => {
      const { item, other } = bench.signals;
      const topic = await bench.topic();
      using others = recordEvents(other, { timeoutMs: bench.timeoutMs });
      await bench.consume({ topics: [topic] });
      for (const number of range(1, 6))
        await bench.send(topic, { number }, { signal: number % 2 ? item : other });
      await bench.items.count(3);
      await others.count(3);
      assert.deepEqual(
        bench.items.events.map(({ data }) => data.item.number),
        [1, 3, 5],
      );
      assert.deepEqual(
        others.events.map(({ data, metadata }) => [data.item.number, metadata.eventType]),
        [2, 4, 6].map((number) => [number, other.eventType]),
      );
    },
  },
  {
    name: 'carries text beyond ASCII in data, keys and metadata',
    run: async (bench) => {
      const topic = await bench.topic();
      await bench.consume({ topics: [topic] });
      const item = { number: 1, key: 'schlüssel-🔑', text: 'línea\n日本語 \u{1f600} \ud7ff', note: '\t' };
      await bench.send(topic, item, { metadata: { source: 'openedx/größe/web', correlationId: 'é-1' } });
      const { data, metadata } = await bench.items.next();
      assert.deepEqual(data.item, item);
      assert.deepEqual([metadata.source, metadata.correlationId], ['openedx/größe/web', 'é-1']);
    },
  },
  {
    name: 'carries a payload of 1 MB',
    run: async (bench) => {
      const topic = await bench.topic();
      await bench.consume({ topics: [topic] });
      const text = '0123456789'.repeat(100_000);
      await bench.send(topic, { number: 1, text });
      const { data } = await bench.items.next();
      assert.ok(data.item.text === text, `of 1000000 characters ${data.item.text.length} came, or others`);
    },
  },
  {
    name: 'delivers nothing to the consumers of another topic',
    run: async (bench) => {
      const [here, elsewhere] = [await bench.topic(), await bench.topic()];
      const groupId = bench.group();
      await bench.consume({ topics: [elsewhere], groupId });
      await bench.sendAll(here, range(1, 20));
      await bench.send(elsewhere, { number: 21 });
      assert.deepEqual(await bench.numbersUntil(groupId, 21), [21]);
    },
  },
  {
    name: 'consumes several topics in one consumer',
    run: async (bench) => {
      const topics = [await bench.topic(), await bench.topic(), await bench.topic()];
      await bench.consume({ topics });
      for (const [index, topic] of topics.entries()) await bench.send(topic, { number: index });
      const events = await bench.items.count(3);
      const places = events.map(({ data, delivery }) => [data.item.number, delivery?.topic]);
      assert.deepEqual(new Map(places as [number, string][]), new Map(topics.entries()));
    },
  },
  {
    name: 'prefixes the topic in producers and consumers',
    run: async (bench) => {
      const [topic, topicPrefix] = [await bench.topic(), 'stage'];
      const fullTopic = fullTopicName(topic, topicPrefix);
      await bench.harness.createTopic?.(fullTopic);
      const [inStage, outside] = [bench.group(), bench.group()];
      await bench.consume({ topics: [topic], groupId: inStage, topicPrefix });
      await bench.consume({ topics: [topic], groupId: outside });
      const producer = await bench.createProducer({ topicPrefix });
      const receipt = await bench.send(topic, { number: 1 }, { producer });
      await bench.send(topic, { number: 2 });
      assert.equal(receipt.topic, fullTopic);
      assert.deepEqual(await bench.numbersUntil(inStage, 1), [1]);
      assert.deepEqual(await bench.numbersUntil(outside, 2), [2]);
    },
  },
  {
    name: 'ignores headers that it does not know',
    run: async (bench) => {
      const topic = await bench.topic();
      await bench.consume({ topics: [topic] });
      const message = await bench.rawItem(topic, { number: 1 });
      await bench.publishRaw({ ...message, headers: [['x-new', Buffer.from('1')], ...message.headers] });
      assert.equal((await bench.items.next()).data.item.number, 1);
    },
  },
]);

type RichInput = FieldsInput<RichFields>;

const fullData: RichInput = {
  rich: {
    key: 'key-1',
    flag: true,
    count: Number.MAX_SAFE_INTEGER,
    ratio: -0.1,
    blob: Uint8Array.from({ length: 256 }, (_, byte) => byte),
    words: ['one', 'two', ''],
    scores: { math: -7, 'with space': 0 },
    inner: { name: 'inner', note: 'note' },
    parts: [{ id: 1, weight: 0.5 }, { id: 2 }],
    mode: 'verified',
    at: '2026-01-02T03:04:05.000006+05:30',
    trace: '0198c5a0-0000-7000-8000-000000000000',
    extra: { list: [1, 'two', null], flag: false },
    maybe_text: 'text',
    maybe_count: 5,
    maybe_flag: true,
    maybe_words: ['word'],
  },
  label: 'label',
};

const emptyData: RichInput = {
  rich: {
    ...fullData.rich,
    flag: false,
    count: 0,
    ratio: 0,
    blob: new Uint8Array(),
    words: [],
    scores: {},
    parts: [],
    extra: {},
    maybe_text: '',
    maybe_count: 0,
    maybe_flag: false,
    maybe_words: [],
  },
  label: '',
};

const absentValues = { maybe_text: null, maybe_count: null, maybe_flag: null, maybe_words: null };

interface SentRich {
  readonly event: SignalEvent<RichFields>;
  readonly receipt: SendReceipt;
  readonly topic: string;
  readonly groupId: string;
}

/** Sends an event with a field of each kind, and sees that its data arrive as they are. */
async function sendRich(bench: Bench, data: RichInput, metadata?: EventsMetadata): Promise<SentRich> {
  const signal = bench.signals.rich;
  const [topic, groupId] = [await bench.topic(), bench.group()];
  using recorder = recordEvents(signal, { timeoutMs: bench.timeoutMs });
  await bench.consume({ topics: [topic], groupId });
  const producer = await bench.createProducer();
  const receipt = await producer.send({
    signal,
    topic,
    eventKeyField: 'rich.key',
    data,
    metadata: metadata ?? createMetadata(signal),
  });
  const event = await recorder.next();
  assert.deepEqual(dataMatcher(signal, data)(event.data), []);
  return { event, receipt, topic, groupId };
}

function assertSameMetadata(received: EventsMetadata, sent: EventsMetadata): void {
  assert.deepEqual({ ...received, time: received.time.iso }, { ...sent, time: sent.time.iso });
}
