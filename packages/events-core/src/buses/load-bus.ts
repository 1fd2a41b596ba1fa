import { dirname, isAbsolute } from 'node:path';
import { BusLoadError } from '../errors/configuration-errors.js';
import { reasonOf } from '../errors/events-error.js';
import { nearestName } from '../errors/nearest-name.js';
import type { EventBusPlugin } from './event-bus-plugin.js';
import { nullEventBus } from './null-event-bus.js';
import { resolveModule } from './resolve-module.js';

/**
 * Loads the bus that a setting names: `memory`, `redis`, `kafka`, `null`, a module (package name, or path from the
 * working directory), or one of the reference's dotted paths.
 *
 * @throws BusLoadError when there is no such bus, its package is not installed, or it is no bus
 */
export async function loadBus(name: string): Promise<EventBusPlugin> {
  if (name === nullEventBus.name) return nullEventBus;
  const specifier = Object.hasOwn(packages, name) ? (packages[name] as string) : name;
  const resolved = resolveFromApplication(specifier);
  if (resolved === undefined && isPath(specifier)) throw missing(name, specifier);
  let module: { readonly eventBus?: unknown };
  try {
    module = (await import(resolved ?? specifier)) as typeof module;
  } catch (cause) {
    if (resolved === undefined) throw missing(name, specifier, { cause });
    throw new BusLoadError(`bus ${name}`, reasonOf(cause), { cause });
  }
  const { eventBus } = module;
  if (!isPlugin(eventBus)) {
    throw new BusLoadError(
      `bus ${name}`,
      `${specifier} exports no eventBus { name, createProducer, createConsumer }`,
    );
  }
  return eventBus;
}

/** The buses of this project by name, and what the Python settings call theirs. */
const packages: Readonly<Record<string, string>> = {
  memory: '@openedx-ts/event-bus-memory',
  redis: '@openedx-ts/event-bus-redis',
  kafka: '@openedx-ts/event-bus-kafka',
  'edx_event_bus_redis.create_producer': '@openedx-ts/event-bus-redis',
  'edx_event_bus_redis.RedisEventConsumer': '@openedx-ts/event-bus-redis',
  'edx_event_bus_kafka.create_producer': '@openedx-ts/event-bus-kafka',
  'edx_event_bus_kafka.KafkaEventConsumer': '@openedx-ts/event-bus-kafka',
};

/** The application has the bus installed, not this package; so look from the application's files. */
function resolveFromApplication(specifier: string): string | undefined {
  const folders = [process.cwd(), ...(process.argv[1] === undefined ? [] : [dirname(process.argv[1])])];
  for (const folder of folders) {
    const resolved = resolveModule(folder, specifier);
    if (resolved !== undefined) return resolved;
  }
  return undefined;
}

function isPath(specifier: string): boolean {
  return specifier.startsWith('.') || isAbsolute(specifier);
}

function missing(name: string, specifier: string, options?: ErrorOptions): BusLoadError {
  return new BusLoadError(`bus ${name}`, missingCure(name, specifier), options);
}

function missingCure(name: string, specifier: string): string {
  if (Object.hasOwn(packages, name))
    return (
      `its package is not installed: npm install ${specifier}; in a bundle, where names cannot be looked up, ` +
      `import { eventBus } from '${specifier}' and pass it: startEventBus({ bus: eventBus })`
    );
  const known = ['memory', 'redis', 'kafka', 'null'];
  const nearest = /^[a-z]+$/i.test(name) ? nearestName(name, known) : undefined;
  if (nearest !== undefined) return `there is no such bus (did you mean ${nearest}?)`;
  return `there is no such bus or module: use ${known.join(', ')}, a package name, or a path that starts with ./`;
}

function isPlugin(value: unknown): value is EventBusPlugin {
  const plugin = value as Partial<EventBusPlugin> | null | undefined;
  return typeof plugin?.createProducer === 'function' && typeof plugin.createConsumer === 'function';
}
