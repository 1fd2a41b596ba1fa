import { inspect } from 'node:util';
import {
  type Consumer,
  type ConsumerOptions,
  configureEvents,
  createMetadata,
  type Environment,
  type EventBusPlugin,
  type OpenEdxPublicSignal,
  type OutgoingEvent,
  type Telemetry,
} from '@openedx-ts/events-core';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { openTelemetry } from '@openedx-ts/events-core/opentelemetry';
import type { StoredMessage } from '@openedx-ts/events-core/operate';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { expect, vi } from 'vitest';
import { failureFor, spoiled, unreachableFor } from './failures-with-data.test-support.js';
import { hasPersonalData, keyPathsOf, markedData } from './marked-data.test-support.js';
import { type Run, run } from './run.test-support.js';
import { allKnownSignals } from './signals/known-signals.js';

/** A bus whose output is searched for personal data. */
export interface BusUnderTest {
  readonly plugin: EventBusPlugin;
  /** The arguments by which the command finds it. */
  readonly args: readonly string[];
  readonly env: Environment;
  /** Settings with which nothing is accepted. */
  readonly unreachable: Environment;
}

/** Sends marked events through everything that can fail, and keeps all that is written anywhere. */
export class PersonalDataTest implements AsyncDisposable {
  readonly topic: string;
  readonly #bus: BusUnderTest;
  readonly #outputs: { readonly of: string; readonly text: string }[] = [];
  readonly #restoreSignals = snapshotSignals();
  readonly #exporter = new InMemorySpanExporter();
  readonly #tracerProvider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(this.#exporter)],
  });
  readonly #openTelemetry = openTelemetry({ tracerProvider: this.#tracerProvider });
  readonly #settings: Disposable;

  constructor(bus: BusUnderTest, topic: string) {
    this.#bus = bus;
    this.topic = topic;
    const log = (facts: object, message: string) => this.#note('log', [message, facts]);
    this.#settings = configureEvents({
      logger: { debug: log, info: log, warn: log, error: log },
      telemetry: this.#telemetry(),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#settings[Symbol.dispose]();
    this.#restoreSignals();
    this.#openTelemetry.close();
    await this.#tracerProvider.shutdown();
  }

  /** Everything that was written, with where. */
  outputs(): readonly { readonly of: string; readonly text: string }[] {
    for (const { name, attributes, events, status, links } of this.#exporter.getFinishedSpans())
      this.#note('span', { name, attributes, events, status, links });
    this.#note('metrics', this.#openTelemetry.metrics.metricsText());
    return this.#outputs;
  }

  /** Sends an event of each type that has personal data, its key personal where it can be. */
  async send(signals: readonly OpenEdxPublicSignal[]): Promise<void> {
    await using producer = await this.#bus.plugin.createProducer(this.#bus.env);
    const receipts = signals.map((signal) => producer.send(this.#eventOf(signal)));
    await Promise.all(receipts);
  }

  /** Sends what cannot be encoded, and to a broker that accepts nothing. */
  async failToSend(signals: readonly OpenEdxPublicSignal[]): Promise<void> {
    const options = { deliveryTimeoutMs: 200, closeTimeoutMs: 200 };
    await using producer = await this.#bus.plugin.createProducer(this.#bus.unreachable, options);
    const fail = async (signal: OpenEdxPublicSignal) => {
      const event = this.#eventOf(signal);
      const failing = [
        event,
        { ...event, data: spoiled(event.data, (text) => ({ text })) as typeof event.data },
        { ...event, data: spoiled(event.data, (text) => `${text}\ud800`) as typeof event.data },
        { ...event, eventKeyField: 'no.such.path' as never },
      ];
      const sent = await Promise.allSettled(failing.map(async (one) => producer.send(one)));
      this.#note('send', sent);
      expect(sent.map(({ status }) => status)).toEqual(failing.map(() => 'rejected'));
      const call = await signal.sendEvent(failing[1]?.data as never).catch((error: unknown) => error);
      this.#note('sendEvent', call);
    };
    await Promise.all(signals.map(fail));
    this.#note('health', producer.health());
  }

  /** Receivers fail: first as if something were unreachable, then for good, with all of the event in the error. */
  async failToReceive(groupId: string, count: number, options: Partial<ConsumerOptions> = {}): Promise<void> {
    const seen = new Set<string>();
    const consumer = await this.#consumer(groupId, { maxAttempts: 2, initialBackoffMs: 1, ...options });
    const signals = await personalSignals();
    const connections = signals.map((signal) =>
      signal.connect(
        (event) => {
          this.#note('health', consumer.health());
          const isFirst = !seen.has(event.metadata.id);
          seen.add(event.metadata.id);
          throw isFirst && seen.size % 8 === 1 ? unreachableFor(event) : failureFor(event);
        },
        { name: 'store' },
      ),
    );
    const running = consumer.run();
    running.catch((error: unknown) => this.#note('run', error));
    try {
      await vi.waitFor(() => expect(this.#countOf(groupId, consumer)).toBeGreaterThanOrEqual(count), patient);
    } finally {
      for (const connection of connections) connection.disconnect();
      consumer.stop();
      await running.catch(() => {});
      this.#note('health', consumer.health());
      await consumer.close();
    }
  }

  /** Stores copies of messages that cannot be decoded: cut, with other bytes behind, and with metadata that is none. */
  async storePoison(): Promise<number> {
    await using admin = await this.#bus.plugin.createAdmin?.(this.#bus.env);
    const topics = admin?.topics;
    if (topics === undefined) throw new Error('the bus gives no access to its topics');
    const stored: StoredMessage[] = [];
    for await (const page of topics.read(this.topic)) stored.push(...page);
    const poison = stored.flatMap(({ message }) => {
      const value = message.value as Uint8Array;
      return [
        { ...message, value: value.subarray(0, value.length - 3) },
        { ...message, value: Buffer.concat([value, Buffer.from('marker-0000')]) },
        { ...message, value: Buffer.concat([value.subarray(0, 5), Buffer.from('marker-0000'.repeat(9))]) },
        { ...message, headers: message.headers.filter(([name]) => !name.endsWith('time')) },
      ];
    });
    for (const message of poison) await topics.write(message);
    return poison.length;
  }

  /** The `dlq-…` headers of every dead letter of a group. */
  async noteDeadLetterHeaders(groupId: string): Promise<number> {
    await using admin = await this.#bus.plugin.createAdmin?.(this.#bus.env);
    let count = 0;
    for await (const page of admin?.topics?.read(`${this.topic}.${groupId}.dlq`) ?? [])
      for (const { message } of page) {
        count += 1;
        const added = message.headers.filter(([name]) => name.startsWith('dlq-'));
        this.#note(
          'dead letter',
          added.map(([name, bytes]) => `${name}: ${Buffer.from(bytes ?? [])}`).join(),
        );
      }
    return count;
  }

  /** Runs a command, and keeps what it prints. */
  async run(...args: readonly string[]): Promise<Run> {
    const result = await run([...args, ...this.#bus.args], { env: this.#bus.env });
    this.#note(`openedx-events ${args.slice(0, 2).join(' ')}`, result.stdout + result.stderr);
    return result;
  }

  #eventOf(signal: OpenEdxPublicSignal): OutgoingEvent {
    const [eventKeyField] = keyPathsOf(signal);
    const metadata = createMetadata({ eventType: signal.eventType });
    return { signal, topic: this.topic, eventKeyField, data: markedData(signal), metadata } as OutgoingEvent;
  }

  async #consumer(groupId: string, options: Partial<ConsumerOptions>): Promise<Consumer> {
    const given = { topics: [this.topic], groupId, startFrom: 'earliest', ...options } as const;
    return this.#bus.plugin.createConsumer(this.#bus.env, given);
  }

  /** How many events of a group have ended, or all of them when its consumer has. */
  #countOf(groupId: string, consumer: Consumer): number {
    if (!consumer.health().live) return Infinity;
    return this.#ended.get(groupId) ?? 0;
  }

  readonly #ended = new Map<string, number>();

  #telemetry(): Telemetry {
    return {
      ...this.#openTelemetry,
      record: (fact) => {
        this.#note('fact', fact);
        this.#openTelemetry.record(fact);
        if (fact.type !== 'event.dead-lettered' && fact.type !== 'event.dropped') return;
        this.#ended.set(fact.groupId, (this.#ended.get(fact.groupId) ?? 0) + 1);
      },
      runReceiver: (receiver, call) =>
        this.#openTelemetry.runReceiver?.(receiver, async () => {
          try {
            return await call();
          } catch (error) {
            this.#note('telemetry of a receiver', error);
            throw error;
          }
        }) as never,
    };
  }

  #note(of: string, value: unknown): void {
    const text = typeof value === 'string' ? value : inspect(value, { depth: 12, maxArrayLength: 1e4 });
    this.#outputs.push({ of, text });
  }
}

/** The events of the catalogue that have personal data and may leave their process. */
export async function personalSignals(): Promise<readonly OpenEdxPublicSignal[]> {
  const signals = await allKnownSignals();
  return signals.filter(
    ({ shape, about }) => hasPersonalData(shape as never) && about.localOnly === undefined,
  );
}

const patient = { timeout: 60_000, interval: 20 };
