import type { EventBusAdmin } from '@openedx-ts/events-core/operate';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import type { OpenedBus } from './open-bus.js';

/**
 * Creates the admin of a bus.
 *
 * @throws CommandError when the bus has none
 */
export async function openAdmin({ plugin }: OpenedBus, { env = {} }: CliIo): Promise<EventBusAdmin> {
  if (plugin.createAdmin !== undefined) return plugin.createAdmin(env);
  throw new CommandError(
    'CLI_UNSUPPORTED',
    `the bus ${plugin.name} has no admin: lag, doctor, dlq and replay cannot inspect it; use the tools of its broker`,
  );
}
