import { connectRoutes } from '../producing/connect-routes.js';
import type { EventOutbox } from '../producing/event-outbox.js';
import type { Producer } from '../producing/producer.js';
import { type ProducerConfigInput, parseProducerConfig } from '../routes/producer-config.js';
import type { Route } from '../routes/route.js';
import type { RouteMode } from '../routes/route-mode.js';
import { routesFromConfig } from '../routes/routes-from-config.js';
import type { Environment } from '../runtime/environment.js';
import { findSignal, registerAgain } from '../signals/registry.js';
import type { OpenEdxPublicSignal } from '../signals/signal.js';
import type { EventBusPlugin } from './event-bus-plugin.js';
import { loadBus } from './load-bus.js';
import { noBus } from './no-bus.js';
import { nullEventBus } from './null-event-bus.js';
import { RunningEventBus } from './running-event-bus.js';
import type { StartedEventBus } from './started-event-bus.js';

/** Options of `startEventBus`; `eventBusSettings(process.env)` reads most of them from the environment. */
export interface StartOptions {
  /** A bus, or the name of one as in `EVENT_BUS`. @defaultValue none: everything stays in process */
  readonly bus?: EventBusPlugin | string | undefined;
  /** Routes given in code, where the compiler checks their key. @defaultValue none */
  readonly routes?: readonly Route[] | undefined;
  /** Which events go to which topics; an entry replaces a route of the same event and topic. @defaultValue none */
  readonly producerConfig?: ProducerConfigInput | string | undefined;
  /** The mode of routes and entries that have none, as in `EVENT_BUS_PRODUCER_MODE`. @defaultValue 'immediate' */
  readonly producerMode?: RouteMode | undefined;
  /**
   * Stores the events of routes with the mode `outbox`, e.g. `sqlOutbox(database)` of `@openedx-ts/events-outbox`. With a
   * bus, its relay runs in this process, too; without one, or with the null bus, what is stored waits for the relay of
   * another process. The bus closes the outbox, also when the start fails. @defaultValue none
   */
  readonly outbox?: EventOutbox | undefined;
  /** What the bus reads its own settings from. @defaultValue nothing */
  readonly env?: Environment | undefined;
  /**
   * Finds the signal of a configured event type that is not loaded yet: `loadCatalogSignal` of
   * `@openedx-ts/events-catalog/loader`, a function that imports the module of your own events, or a list of both, of which
   * the first that finds it counts. Not needed for signals whose modules are imported before the start.
   */
  readonly loadSignal?:
    | ((eventType: string) => Promise<OpenEdxPublicSignal | undefined>)
    | readonly ((eventType: string) => Promise<OpenEdxPublicSignal | undefined>)[]
    | undefined;
}

/**
 * Starts everything a service needs of the event bus: loads the bus and the signals that the configuration names,
 * checks all of it, prepares the outbox, and connects the routes. Nothing is connected when something is wrong.
 *
 * @throws ProducerConfigurationError, InvalidOptionsError, BusLoadError
 * @throws what the `warmUp` of the outbox throws, e.g. when its tables are missing
 */
export async function startEventBus(options: StartOptions = {}): Promise<StartedEventBus> {
  const { env = {}, outbox, producerMode = 'immediate' } = options;
  let producer: Producer | undefined;
  try {
    const plugin = typeof options.bus === 'string' ? await loadBus(options.bus) : options.bus;
    const prepareRoutes = async (config: ProducerConfigInput | string) => {
      const routes = await readRoutes(options, config);
      const isStored = ({ mode = producerMode }: Route) => mode === 'outbox';
      const enabled = routes.filter((route) => route.enabled);
      if (plugin === undefined) mustBeEmpty(enabled.filter((route) => !isStored(route)));
      const stored = enabled.filter(isStored);
      if (stored.length > 0) await outbox?.warmUp(stored);
      return routes;
    };
    const first = await prepareRoutes(options.producerConfig ?? {});
    producer = await plugin?.createProducer(env);
    const connected = connectRoutes(producer, first, { outbox, defaultMode: producerMode });
    // The null bus accepts everything: through it, a relay would delete what it should publish.
    if (producer !== undefined && plugin !== nullEventBus) outbox?.startRelay(producer);
    return new RunningEventBus({ env, plugin, producer, outbox, connected, prepareRoutes });
  } catch (error) {
    await Promise.allSettled([outbox?.close(), producer?.close()]);
    throw error;
  }
}

/** The routes given in code, with the entries of the configuration in place of those of the same event and topic. */
async function readRoutes(
  { routes = [], loadSignal }: StartOptions,
  input: ProducerConfigInput | string,
): Promise<readonly Route[]> {
  const config = parseProducerConfig(input);
  const loaders = typeof loadSignal === 'function' ? [loadSignal] : (loadSignal ?? []);
  for (const [eventType, topics] of Object.entries(config)) {
    const isNeeded = Object.values(topics).some(({ enabled }) => enabled);
    if (!isNeeded || findSignal(eventType) !== undefined) continue;
    for (const load of loaders) {
      const signal = await load(eventType);
      if (signal !== undefined) registerAgain(signal);
      if (findSignal(eventType) !== undefined) break;
    }
  }
  const configured = routesFromConfig(config);
  const isReplaced = (route: Route) =>
    configured.some(
      ({ signal, topic }) => signal.eventType === route.signal.eventType && topic === route.topic,
    );
  return [...routes.filter((route) => !isReplaced(route)), ...configured];
}

function mustBeEmpty([route]: readonly Route[]): void {
  if (route !== undefined) throw noBus(`${route.signal.eventType} is to go to topic ${route.topic}`);
}
