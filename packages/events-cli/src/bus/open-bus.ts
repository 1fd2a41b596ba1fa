import { resolve } from 'node:path';
import { type EventBusPlugin, eventBusSettings } from '@openedx-ts/events-core';
import { loadBus } from '@openedx-ts/events-core/operate';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';

/**
 * Loads the bus named by `--bus`, or else by `EVENT_BUS`.
 *
 * @throws CommandError when neither names one
 * @throws BusLoadError when there is no such bus
 */
export async function openBus(name: string | undefined, io: CliIo): Promise<EventBusPlugin> {
  const bus = name ?? busOfEnvironment(io);
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
