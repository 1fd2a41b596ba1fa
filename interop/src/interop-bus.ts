import type { ConsumerOptions, Producer, ProducerOptions } from '@openedx-ts/events-core';
import type { EventBusConsumer } from '@openedx-ts/events-core/bus';

/** What both sides agree on before a bus is started for them. */
export interface InteropPlan {
  /** Different in each run: a server may be one that others use as well. */
  readonly topicPrefix: string;
  /** Without prefix: what TypeScript sends, and what Python sends. */
  readonly topics: { readonly toPython: string; readonly toTypeScript: string };
  /** The group of Python's consumer on `topics.toPython`; it has to start with the first event. */
  readonly pythonGroup: string;
}

/** A running bus that both sides can be on. */
export interface InteropBus extends AsyncDisposable {
  /** What Python needs to be on it, by names in Django. */
  readonly settings: Readonly<Record<string, string>>;
  /** What `consume_events` is given as `--extra`. */
  readonly consumerExtra: Readonly<Record<string, unknown>>;
  createProducer(options: ProducerOptions): Producer;
  createConsumer(options: ConsumerOptions): EventBusConsumer;
  /** What lies in some topics (with prefix), by event id. */
  read(topics: readonly string[]): Promise<ReadonlyMap<string, EventOnBus>>;
}

/** An event as it lies on a bus. */
export interface EventOnBus {
  /** The names of its headers or fields, in order. */
  readonly names: readonly string[];
  /** What must not differ from what the other side makes of the same event, as hex. */
  readonly bytes: string;
}
