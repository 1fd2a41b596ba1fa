import type { Consumer } from '../consuming/types/consumer.js';
import type { ConsumerOptions } from '../consuming/types/consumer-options.js';
import { IllegalStateError } from '../errors/bus-errors.js';
import { InvalidOptionsError } from '../errors/configuration-errors.js';
import { type ConnectedRoutes, connectRoutes } from '../producing/connect-routes.js';
import type { Producer } from '../producing/producer.js';
import { type ProducerConfigInput, parseProducerConfig } from '../routes/producer-config.js';
import { type Route, routesFromConfig } from '../routes/route.js';
import type { Environment } from '../runtime/environment.js';
import { combineHealth, type Health } from '../runtime/health.js';
import { findSignal, registerAgain } from '../signals/registry.js';
import type { OpenEdxPublicSignal } from '../signals/signal.js';
import type { EventBusPlugin } from './event-bus-plugin.js';
import { loadBus } from './load-bus.js';

/** Options of `startEventBus`; `eventBusSettings(process.env)` reads most of them from the environment. */
export interface StartOptions {
  /** A bus, or the name of one as in `EVENT_BUS`. @defaultValue none: everything stays in process */
  readonly bus?: EventBusPlugin | string | undefined;
  /** Routes given in code, where the compiler checks their key. @defaultValue none */
  readonly routes?: readonly Route[] | undefined;
  /** Which events go to which topics; an entry replaces a route of the same event and topic. @defaultValue none */
  readonly producerConfig?: ProducerConfigInput | string | undefined;
  /** What the bus reads its own settings from. @defaultValue nothing */
  readonly env?: Environment | undefined;
  /**
   * Finds the signal of a configured event type that is not loaded yet, e.g. `loadCatalogSignal` of
   * `@openedx-ts/events-catalog/loader`. Import your own signals before the start.
   */
  readonly loadSignal?: ((eventType: string) => Promise<OpenEdxPublicSignal | undefined>) | undefined;
}

/** A started bus. */
export interface StartedEventBus extends AsyncDisposable {
  /** Publishes events directly; undefined without a bus. */
  readonly producer: Producer | undefined;
  readonly routes: readonly Route[];
  /**
   * Puts another configuration into force, without a restart; routes given in code stay. On an error nothing changes.
   * Of calls that overlap, the last wins.
   *
   * @throws ProducerConfigurationError
   * @throws IllegalStateError after `close()`
   */
  applyProducerConfig(config: ProducerConfigInput | string): Promise<void>;
  /**
   * Makes a consumer; the bus closes it when it is closed itself.
   *
   * @throws InvalidOptionsError when the options are wrong, or there is no bus
   * @throws IllegalStateError after `close()`
   */
  createConsumer(options: ConsumerOptions): Promise<Consumer>;
  /** The health of the producer and of all consumers that were not stopped on purpose. */
  health(): Health;
  /**
   * Stops the consumers, disconnects the routes, flushes and closes the producer; all of it, also when a part fails.
   * Rejects with the first failure. Safe to call twice.
   */
  close(): Promise<void>;
}

/**
 * Starts everything a service needs of the event bus: loads the bus and the signals that the configuration names,
 * checks all of it, and connects the routes. Nothing is connected when something is wrong.
 *
 * @throws ProducerConfigurationError, InvalidOptionsError, BusLoadError
 */
export async function startEventBus(options: StartOptions = {}): Promise<StartedEventBus> {
  const { env = {}, loadSignal } = options;
  const plugin = typeof options.bus === 'string' ? await loadBus(options.bus) : options.bus;
  const routesWith = async (config: ProducerConfigInput | string) =>
    replaceRoutes(options.routes ?? [], await configuredRoutes(config, loadSignal));
  const first = await routesWith(options.producerConfig ?? {});
  mustHaveBus(plugin, first);
  const producer = await plugin?.createProducer(env);
  const consumers = new Set<Consumer>();
  const openConsumers = () => [...consumers].filter(({ state }) => state !== 'stopped');
  const connected = producer === undefined ? undefined : await connectOrClose(producer, first);
  let applied: Promise<void> = Promise.resolve();
  let closing: Promise<void> | undefined;

  const mustBeOpen = (operation: string) => {
    if (closing !== undefined) throw new IllegalStateError(operation, 'closed');
  };
  const apply = async (config: ProducerConfigInput | string) => {
    const next = await routesWith(config);
    mustHaveBus(plugin, next);
    mustBeOpen('applyProducerConfig');
    connected?.apply(next);
  };
  const closeAll = async () => {
    const closed = await Promise.allSettled(Array.from(consumers, (consumer) => consumer.close()));
    connected?.disconnect();
    await producer?.close();
    for (const result of closed) if (result.status === 'rejected') throw result.reason;
  };
  const close = () => {
    closing ??= closeAll();
    return closing;
  };

  return {
    producer,
    get routes() {
      return connected?.current ?? [];
    },
    applyProducerConfig: async (config) => {
      mustBeOpen('applyProducerConfig');
      const applying = applied.then(() => apply(config));
      applied = applying.catch(() => {}); // its caller has the error
      await applying;
    },
    createConsumer: async (consumerOptions) => {
      mustBeOpen('createConsumer');
      if (plugin === undefined) throw noBus('there is nothing to consume from');
      const consumer = await plugin.createConsumer(env, consumerOptions);
      if (closing !== undefined) await consumer.close();
      mustBeOpen('createConsumer');
      consumers.add(consumer);
      return consumer;
    },
    health: () =>
      combineHealth(
        [...(producer === undefined ? [] : [producer]), ...openConsumers()].map((part) => part.health()),
      ),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function connectOrClose(producer: Producer, routes: readonly Route[]): Promise<ConnectedRoutes> {
  try {
    return connectRoutes(producer, routes);
  } catch (error) {
    await producer.close();
    throw error;
  }
}

async function configuredRoutes(
  input: ProducerConfigInput | string,
  loadSignal: StartOptions['loadSignal'],
): Promise<readonly Route[]> {
  const config = parseProducerConfig(input);
  for (const [eventType, topics] of Object.entries(config)) {
    const isNeeded = Object.values(topics).some(({ enabled }) => enabled);
    if (!isNeeded || findSignal(eventType) !== undefined) continue;
    const signal = await loadSignal?.(eventType);
    if (signal !== undefined) registerAgain(signal);
  }
  return routesFromConfig(config);
}

function replaceRoutes(routes: readonly Route[], replacements: readonly Route[]): readonly Route[] {
  const isReplaced = (route: Route) =>
    replacements.some(
      ({ signal, topic }) => signal.eventType === route.signal.eventType && topic === route.topic,
    );
  return [...routes.filter((route) => !isReplaced(route)), ...replacements];
}

function mustHaveBus(plugin: EventBusPlugin | undefined, routes: readonly Route[]): void {
  const enabled = routes.find(({ enabled }) => enabled);
  if (plugin !== undefined || enabled === undefined) return;
  throw noBus(`${enabled.signal.eventType} is to go to topic ${enabled.topic}`);
}

function noBus(why: string): InvalidOptionsError {
  return new InvalidOptionsError('EVENT_BUS', [
    { path: '', message: `${why}, but no bus is set: use memory, redis or kafka, or null to opt out` },
  ]);
}
