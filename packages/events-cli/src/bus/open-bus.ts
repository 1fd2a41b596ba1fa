import { resolve } from 'node:path';
import { configureEvents, type EventBusPlugin, eventBusSettings } from '@openedx-ts/events-core';
import { loadBus } from '@openedx-ts/events-core/operate';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { redactor } from '../terminal/redact.js';
import { type StderrLoggerOptions, stderrLogger } from '../terminal/stderr-logger.js';

/** A loaded bus. Until it is disposed, the libraries log to the stderr of the command. */
export interface OpenedBus extends Disposable {
  readonly plugin: EventBusPlugin;
}

/** What the libraries log while a command works with a bus. @defaultValue warnings and errors */
export type BusLogging = Partial<Pick<StderrLoggerOptions, 'level' | 'isReported'>>;

/**
 * Loads the bus named by `--bus`, or else by `EVENT_BUS`, and makes the libraries log to the stderr of the command,
 * without secrets.
 *
 * @throws CommandError when neither names one
 * @throws BusLoadError when there is no such bus
 */
export async function openBus(
  name: string | undefined,
  io: CliIo,
  { level = 'warn', isReported }: BusLogging = {},
): Promise<OpenedBus> {
  const plugin = await loadNamedBus(name ?? busOfEnvironment(io), io);
  const logger = stderrLogger({ stderr: io.stderr, redact: redactor(io.env), level, isReported });
  const settings = configureEvents({ logger });
  return { plugin, [Symbol.dispose]: () => settings[Symbol.dispose]() };
}

async function loadNamedBus(bus: string | undefined, io: CliIo): Promise<EventBusPlugin> {
  if (bus !== undefined) return loadBus(bus.startsWith('.') ? resolve(io.cwd, bus) : bus);
  throw new CommandError(
    'CLI_USAGE',
    'no bus is named: give --bus memory, redis, kafka or a module (./bus.js), or set EVENT_BUS',
  );
}

function busOfEnvironment({ env = {} }: CliIo): string | undefined {
  const { EVENT_BUS, EVENT_BUS_PRODUCER, EVENT_BUS_CONSUMER } = env;
  return eventBusSettings({ EVENT_BUS, EVENT_BUS_PRODUCER, EVENT_BUS_CONSUMER }).bus;
}
