import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BusLoadError } from '../errors/configuration-errors.js';
import { reasonOf } from '../errors/events-error.js';
import { nearestName } from '../runtime/nearest-name.js';
import type { EventBusPlugin } from './event-bus-plugin.js';
import { nullEventBus } from './null-event-bus.js';

/**
 * Loads the bus that a setting names: `memory`, `redis`, `kafka`, `null`, a module (package name, or path from the
 * working directory), or one of the reference's dotted paths.
 *
 * @throws BusLoadError when there is no such bus, its package is not installed, or it is no bus
 */
export async function loadBus(name: string): Promise<EventBusPlugin> {
  if (name === nullEventBus.name) return nullEventBus;
  const specifier = specifierOf(name);
  let module: { readonly eventBus?: unknown };
  try {
    module = (await import(resolveFromApplication(specifier))) as typeof module;
  } catch (cause) {
    throw new BusLoadError(
      `bus ${name}`,
      isMissing(cause, specifier) ? missingCure(name, specifier) : reasonOf(cause),
      { cause },
    );
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

function specifierOf(name: string): string {
  if (Object.hasOwn(packages, name)) return packages[name] as string;
  if (/^[a-z]+$/.test(name)) {
    const known = ['memory', 'redis', 'kafka', 'null'];
    const nearest = nearestName(name, known);
    throw new BusLoadError(
      `bus ${name}`,
      `there is no such bus${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}: use ${known.join(', ')} or a module that exports eventBus`,
    );
  }
  return name;
}

/** The application has the bus installed, not this package; so look from the application's files first. */
function resolveFromApplication(specifier: string): string {
  const folders = [process.cwd(), ...(process.argv[1] === undefined ? [] : [dirname(process.argv[1])])];
  for (const folder of folders) {
    try {
      return pathToFileURL(createRequire(join(folder, 'package.json')).resolve(specifier)).href;
    } catch {
      // not installed there: look further
    }
  }
  return specifier;
}

function isMissing(error: unknown, specifier: string): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (
    (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && String(message).includes(specifier)
  );
}

function missingCure(name: string, specifier: string): string {
  return Object.hasOwn(packages, name)
    ? `its package is not installed: npm install ${specifier}`
    : `there is no module ${specifier}: give a package name, or a path that starts with ./`;
}

function isPlugin(value: unknown): value is EventBusPlugin {
  const plugin = value as Partial<EventBusPlugin> | null | undefined;
  return typeof plugin?.createProducer === 'function' && typeof plugin.createConsumer === 'function';
}
