import type { EventBusPlugin } from '@openedx-ts/events-core';
import type { EventBusAdmin, TopicStore } from '@openedx-ts/events-core/operate';
import type { CliIo } from '../cli-io.js';
import { CommandError } from '../command-error.js';
import { openAdmin } from './open-admin.js';

/** An operator's access to what topics hold. */
export interface OpenedTopics {
  readonly admin: EventBusAdmin;
  readonly topics: TopicStore;
}

/**
 * An operator's access to the topics of a bus.
 *
 * @throws CommandError when the bus gives none
 */
export async function openTopics(plugin: EventBusPlugin, io: CliIo): Promise<OpenedTopics> {
  const admin = await openAdmin(plugin, io);
  const { topics } = admin;
  if (topics !== undefined) return { admin, topics };
  await admin.close();
  throw new CommandError(
    'CLI_UNSUPPORTED',
    `the bus ${plugin.name} does not show what its topics hold: neither dlq nor replay can work with it`,
  );
}
