import type { Consumer } from '../consuming/types/consumer.js';
import type { ConsumerOptions } from '../consuming/types/consumer-options.js';
import { IllegalStateError } from '../errors/bus-errors.js';
import type { ConnectedRoutes } from '../producing/connect-routes.js';
import type { EventOutbox } from '../producing/event-outbox.js';
import type { Producer } from '../producing/producer.js';
import type { ProducerConfigInput } from '../routes/producer-config.js';
import type { Route } from '../routes/route.js';
import type { Environment } from '../runtime/environment.js';
import { combineHealth, type Health } from '../runtime/health.js';
import type { EventBusPlugin } from './event-bus-plugin.js';
import { noBus } from './no-bus.js';
import type { StartedEventBus } from './started-event-bus.js';

/** What `startEventBus` has created and connected. */
export interface RunningEventBusParts {
  readonly env: Environment;
  readonly plugin: EventBusPlugin | undefined;
  readonly producer: Producer | undefined;
  readonly outbox: EventOutbox | undefined;
  readonly connected: ConnectedRoutes;
  /** Reads a configuration, and prepares for its routes what they need. */
  readonly prepareRoutes: (config: ProducerConfigInput | string) => Promise<readonly Route[]>;
}

/** A started bus until it is closed. */
export class RunningEventBus implements StartedEventBus {
  readonly #parts: RunningEventBusParts;
  readonly #consumers = new Set<Consumer>();
  #applied: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(parts: RunningEventBusParts) {
    this.#parts = parts;
  }

  get producer(): Producer | undefined {
    return this.#parts.producer;
  }

  get routes(): readonly Route[] {
    return this.#parts.connected.current;
  }

  async applyProducerConfig(config: ProducerConfigInput | string): Promise<void> {
    this.#mustBeOpen('applyProducerConfig');
    const applying = this.#applied.then(() => this.#apply(config));
    this.#applied = applying.catch(() => {}); // its caller has the error
    await applying;
  }

  async createConsumer(options: ConsumerOptions): Promise<Consumer> {
    this.#mustBeOpen('createConsumer');
    const { plugin, env } = this.#parts;
    if (plugin === undefined) throw noBus('there is nothing to consume from');
    const consumer = await plugin.createConsumer(env, options);
    if (this.#closing !== undefined) await consumer.close();
    this.#mustBeOpen('createConsumer');
    this.#consumers.add(consumer);
    void consumer.closed?.then(() => this.#consumers.delete(consumer));
    return consumer;
  }

  health({ requireBroker = true }: { readonly requireBroker?: boolean } = {}): Health {
    const { producer, outbox } = this.#parts;
    const consumers = [...this.#consumers].filter(({ state }) => state !== 'stopped');
    const parts = [producer, outbox, ...consumers].filter((part) => part !== undefined);
    const health = combineHealth(parts.map((part) => part.health()));
    return requireBroker ? health : { ...health, ready: health.live && this.#closing === undefined };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #apply(config: ProducerConfigInput | string): Promise<void> {
    const { prepareRoutes, connected } = this.#parts;
    const next = await prepareRoutes(config);
    this.#mustBeOpen('applyProducerConfig');
    connected.apply(next);
  }

  async #close(): Promise<void> {
    const { outbox, connected, producer } = this.#parts;
    const closed = await Promise.allSettled(Array.from(this.#consumers, (consumer) => consumer.close()));
    // Before the routes: until its open transactions have ended, their events must find their way to it.
    closed.push(...(await Promise.allSettled([outbox?.close()])));
    connected.disconnect();
    closed.push(...(await Promise.allSettled([producer?.close()])));
    for (const result of closed) if (result.status === 'rejected') throw result.reason;
  }

  #mustBeOpen(operation: string): void {
    if (this.#closing !== undefined) throw new IllegalStateError(operation, 'closed');
  }
}
