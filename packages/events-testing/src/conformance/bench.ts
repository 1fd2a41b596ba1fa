import { AssertionError } from 'node:assert';
import type {
  Consumer,
  Producer,
  ProducerOptions,
  SendReceipt,
  SignalEvent,
  TelemetryFact,
} from '@openedx-ts/events-core';
import { fullTopicName, type Message, noTelemetry, runtime } from '@openedx-ts/events-core/bus';
import type { TopicStore } from '@openedx-ts/events-core/operate';
import { type IsolatedSignals, isolateSignals } from '../isolate-signals.js';
import { type EventRecorder, recordEvents } from '../record-events.js';
import type { BenchConsumerOptions, BenchItem, BenchSendOptions, Hold } from './bench-options.js';
import { type BenchSignals, defineBenchSignals, type ItemFields } from './bench-signals.js';
import type { BrokerSwitch, BusHarness } from './bus-harness.js';
import { holdFirst } from './hold-first.js';
import { isMissing } from './missing.js';
import { outgoingItem } from './outgoing-item.js';
import { eventually, within } from './waiting.js';

/** What one test works with: signals, topics and groups of its own, and everything it opened closed at its end. */
export class Bench {
  readonly harness: BusHarness;
  readonly timeoutMs: number;
  readonly signals: BenchSignals;
  /** Every event of the plain signal that reached a receiver, of all groups. */
  readonly items: EventRecorder<ItemFields>;
  /** The telemetry that the packages recorded. */
  readonly facts: TelemetryFact[] = [];
  readonly #scope: IsolatedSignals;
  readonly #name = `conformance-${runtime().nextId().slice(-10)}`;
  readonly #opened: (() => Promise<unknown>)[] = [];
  readonly #crashed = new Set<Consumer>();
  readonly #holds: (() => void)[] = [];
  #names = 0;
  #producer: Promise<Producer> | undefined;
  #isBrokerStopped = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(harness: BusHarness) {
    this.harness = harness;
    this.timeoutMs = harness.timeoutMs ?? 10_000;
    const telemetry = { ...noTelemetry, record: (fact: TelemetryFact) => void this.facts.push(fact) };
    this.#scope = isolateSignals({ runtime: { dispatch: 'robust', telemetry } });
    this.signals = defineBenchSignals();
    this.items = recordEvents(this.signals.item, { timeoutMs: this.timeoutMs });
  }

  /** Returns a group id that no other test uses. */
  group(): string {
    this.#names += 1;
    return `${this.#name}-group-${this.#names}`;
  }

  /** Creates a topic that no other test uses. @returns its name without prefix */
  async topic(options: { readonly prefix?: string } = {}): Promise<string> {
    this.#names += 1;
    const topic = `${this.#name}-${this.#names}`;
    await this.harness.createTopic?.(fullTopicName(topic, options.prefix));
    return topic;
  }

  /** A producer, closed at the end. */
  async createProducer(options?: ProducerOptions): Promise<Producer> {
    const producer = await this.harness.createProducer(options);
    this.#opened.push(() => this.within('producer.close()', producer.close()));
    return producer;
  }

  /** A consumer that is not started, closed at the end. */
  async createConsumer(options: BenchConsumerOptions): Promise<Consumer> {
    const consumer = await this.harness.createConsumer({
      groupId: this.group(),
      initialBackoffMs: 1,
      maxBackoffMs: 50,
      ...options,
    });
    this.#opened.push(async () => {
      if (!this.#crashed.has(consumer)) await this.within('consumer.close()', consumer.close());
    });
    return consumer;
  }

  /** A consumer at work: what is sent from now on arrives. When it fails, the test does. */
  async consume(options: BenchConsumerOptions): Promise<Consumer> {
    const consumer = await this.createConsumer(options);
    consumer.run().catch((error: unknown) => {
      this.#failure ??= { error };
    });
    await this.within('consumer.ready', consumer.ready);
    return consumer;
  }

  /** Like `consume`, for a consumer that is expected to fail; gives what `run` does. */
  async consumeUntilFailure(
    options: BenchConsumerOptions,
  ): Promise<{ readonly consumer: Consumer; readonly running: Promise<void> }> {
    const consumer = await this.createConsumer(options);
    const running = consumer.run();
    running.catch(() => {}); // the test looks at it later
    await this.within('consumer.ready', consumer.ready);
    return { consumer, running };
  }

  /** What operators do with topics; closed at the end. */
  async topicStore(): Promise<TopicStore> {
    if (isMissing(this.harness.createAdmin)) throw new TypeError('the test does not need createAdmin');
    const admin = await this.harness.createAdmin();
    if (admin !== undefined) this.#opened.push(() => this.within('admin.close()', admin.close()));
    if (admin?.topics !== undefined) return admin.topics;
    throw new AssertionError({
      message: 'createAdmin() gives no topics: declare it missing, with the reason',
    });
  }

  async crash(consumer: Consumer): Promise<void> {
    if (isMissing(this.harness.crashConsumer)) throw new TypeError('the test does not need crashConsumer');
    this.#crashed.add(consumer);
    await this.within('crashConsumer()', this.harness.crashConsumer(consumer));
  }

  async stopBroker(): Promise<void> {
    await this.#broker().stop();
    this.#isBrokerStopped = true;
  }

  async startBroker(): Promise<void> {
    await this.#broker().start();
    this.#isBrokerStopped = false;
  }

  /** Sends a plain event and resolves when the broker has it. */
  send(topic: string, item: BenchItem, options: BenchSendOptions = {}): Promise<SendReceipt> {
    const sent = this.within(`send(${item.number})`, this.#send(topic, item, options));
    sent.catch(() => {}); // a test that has failed elsewhere does not await it
    return sent;
  }

  /** Sends the numbers, without waiting for one before the next, under that many keys. */
  sendAll(topic: string, numbers: readonly number[], { keys = 1 } = {}): Promise<readonly SendReceipt[]> {
    return Promise.all(numbers.map((number) => this.send(topic, { number, key: `key-${number % keys}` })));
  }

  /** Stores a message as it is. */
  async publishRaw(message: Message): Promise<void> {
    if (this.harness.publishRaw !== undefined) return this.harness.publishRaw(message);
    const [result] = await (await this.#sharedProducer()).publishMessages([message]);
    if (result?.status === 'rejected') throw result.reason;
  }

  /** The messages of a topic, given with prefix, once there are so many. */
  messages(fullTopic: string, count = 1): Promise<readonly Message[]> {
    return this.until(`${count} message(s) on ${fullTopic}`, async () => {
      const messages = await this.harness.readTopic(fullTopic);
      return messages.length >= count ? messages : undefined;
    });
  }

  /** The message of a plain event as this bus writes it, on the given topic but not yet stored there. */
  async rawItem(topic: string, item: BenchItem, options?: BenchSendOptions): Promise<Message> {
    const scratch = await this.topic();
    await this.send(scratch, item, options);
    const [message] = await this.messages(scratch);
    return { ...(message as Message), topic };
  }

  /** Makes receivers wait at the first event that satisfies this, until it is released. */
  hold(isWanted: (event: SignalEvent<ItemFields>) => boolean): Hold {
    const { receiver, reached, release } = holdFirst(isWanted);
    this.signals.item.connect(receiver);
    this.#holds.push(release);
    return { reached: () => this.within('an event in flight', reached), release };
  }

  /** The numbers that a group received so far, in order. */
  numbersOf(groupId: string): readonly number[] {
    return this.items.events
      .filter(({ delivery }) => delivery?.groupId === groupId)
      .map(({ data }) => data.item.number);
  }

  /** The numbers of a group, once one of them is this one. */
  numbersUntil(groupId: string, last: number): Promise<readonly number[]> {
    return this.until(`event ${last} in group ${groupId}`, () => {
      const numbers = this.numbersOf(groupId);
      return numbers.includes(last) ? numbers : undefined;
    });
  }

  /** What a group received behind the first so many, once each of the numbers is among it. */
  numbersAgain(groupId: string, before: number, numbers: readonly number[]): Promise<readonly number[]> {
    return this.until(`${numbers.join(', ')} in group ${groupId} (again)`, () => {
      const again = this.numbersOf(groupId).slice(before);
      return numbers.every((number) => again.includes(number)) ? again : undefined;
    });
  }

  /** The first fact that satisfies this. */
  fact(what: string, isWanted: (fact: TelemetryFact) => boolean): Promise<TelemetryFact> {
    return this.until(what, () => this.facts.find(isWanted));
  }

  /** Waits for something to happen. */
  until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
    return eventually(what, this.timeoutMs, () => {
      if (this.#failure === undefined) return look();
      const { error } = this.#failure;
      throw new AssertionError({
        message: `the consumer failed while waiting for ${what}: ${String(error)}`,
      });
    });
  }

  /** Waits for a promise. */
  within<T>(what: string, promise: PromiseLike<T>, timeoutMs = this.timeoutMs): Promise<T> {
    return within(what, timeoutMs, promise);
  }

  /** Closes what was opened and puts the process back as it was. */
  async close(): Promise<void> {
    try {
      for (const release of this.#holds) release();
      if (this.#isBrokerStopped) await this.startBroker();
      const closed = await Promise.allSettled(this.#opened.map((close) => close()));
      for (const result of closed) if (result.status === 'rejected') throw result.reason;
    } finally {
      this.items[Symbol.dispose]();
      this.#scope.restore();
    }
  }

  async #send(topic: string, item: BenchItem, options: BenchSendOptions): Promise<SendReceipt> {
    const { signal = this.signals.item, producer = await this.#sharedProducer(), metadata } = options;
    return producer.send(outgoingItem(signal, topic, item, metadata));
  }

  #sharedProducer(): Promise<Producer> {
    this.#producer ??= this.createProducer();
    return this.#producer;
  }

  #broker(): BrokerSwitch {
    if (isMissing(this.harness.outage)) throw new TypeError('the test does not need outage');
    return this.harness.outage;
  }
}
