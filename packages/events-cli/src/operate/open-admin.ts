import type { EventBusPlugin } from '@openedx-ts/events-core';
import type { EventBusAdmin } from '@openedx-ts/events-core/operate';
import type { CliIo } from '../cli-io.js';
import { CommandError } from '../command-error.js';

/**
 * The operator's view of a bus.
 *
 * @throws CommandError when the bus has none
 */
export async function openAdmin(plugin: EventBusPlugin, { env = {} }: CliIo): Promise<EventBusAdmin> {
  if (plugin.createAdmin !== undefined) return plugin.createAdmin(env);
  throw new CommandError('CLI_UNSUPPORTED', `the bus ${plugin.name} has nothing to show to an operator`);
}
