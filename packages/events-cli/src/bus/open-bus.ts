import { resolve } from 'node:path';
import { type EventBusPlugin, eventBusSettings } from '@openedx-ts/events-core';
import { loadBus } from '@openedx-ts/events-core/operate';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { type LibraryLogging, logToStderr } from '../terminal/log-to-stderr.js';

/** A loaded bus. Until it is disposed, the libraries log to the stderr of the command. */
export interface OpenedBus extends Disposable {
  readonly plugin: EventBusPlugin;
  /** As `--bus` or the environment names it. */
  readonly given: string;
}

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
  logging: LibraryLogging = {},
): Promise<OpenedBus> {
  const given = name ?? busOfEnvironment(io) ?? noBus();
  const plugin = await loadBus(given.startsWith('.') ? resolve(io.cwd, given) : given);
  const settings = logToStderr(io, logging);
  return { plugin, given, [Symbol.dispose]: () => settings[Symbol.dispose]() };
}

function noBus(): never {
  throw new CommandError(
    'CLI_USAGE',
    'no bus is named: give --bus memory, redis, kafka or a module (./bus.js), or set EVENT_BUS',
  );
}

function busOfEnvironment({ env = {} }: CliIo): string | undefined {
  const { EVENT_BUS, EVENT_BUS_PRODUCER, EVENT_BUS_CONSUMER } = env;
  return eventBusSettings({ EVENT_BUS, EVENT_BUS_PRODUCER, EVENT_BUS_CONSUMER }).bus;
}
