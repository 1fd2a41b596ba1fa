import type { EventBusAdmin, TopicStore } from '@openedx-ts/events-core/operate';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { openAdmin } from './open-admin.js';
import type { OpenedBus } from './open-bus.js';

/** A bus's admin, and its access to the messages of topics. */
export interface OpenedTopics {
  readonly admin: EventBusAdmin;
  readonly topics: TopicStore;
}

/**
 * Creates the admin of a bus that gives access to the messages of its topics.
 *
 * @throws CommandError when the bus gives no access to them
 */
export async function openTopics(bus: OpenedBus, io: CliIo): Promise<OpenedTopics> {
  const admin = await openAdmin(bus, io);
  const { topics } = admin;
  if (topics !== undefined) return { admin, topics };
  await admin.close();
  throw new CommandError(
    'CLI_UNSUPPORTED',
    `the bus ${bus.plugin.name} gives no access to the messages of its topics: dlq, replay and where do not work with it`,
  );
}
