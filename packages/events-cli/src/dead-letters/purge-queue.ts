import { configureEvents } from '@openedx-ts/events-core';
import { purgeDeadLetters } from '@openedx-ts/events-core/operate';
import { closing } from '../bus/closing.js';
import { openBus } from '../bus/open-bus.js';
import { redactor } from '../bus/redact.js';
import { stderrLogger } from '../bus/stderr-logger.js';
import type { CliIo } from '../cli-io.js';
import { CommandError } from '../command-error.js';
import { openTopics } from '../operate/open-topics.js';
import { countLetters } from './count-letters.js';
import { filterOf, type QueueOptions, selectQueue } from './queue-options.js';

/** What `dlq purge` is told. */
export interface PurgeQueueOptions extends QueueOptions {
  readonly all: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/**
 * Removes dead letters for good: a line on stderr for each, and one at the end.
 *
 * @throws CommandError without `yes`, or when the bus cannot do it
 * @throws InvalidOptionsError when nothing is selected, or a position or event is not there
 * @throws InfrastructureError when the broker cannot be reached
 */
export async function purgeQueue(options: PurgeQueueOptions, io: CliIo): Promise<void> {
  const { all, dryRun, yes } = options;
  if (!yes && !dryRun)
    throw new CommandError(
      'CLI_USAGE',
      'this removes events for good: add --yes, or --dry-run to see how many',
    );
  const { abortSignal, stderr, env } = io;
  const logger = stderrLogger({ stderr, redact: redactor(env), level: 'info' });
  using _settings = configureEvents({ logger });
  const { admin, topics } = await openTopics(await openBus(options.bus, io), io);
  await using _admin = closing(admin);
  const queue = await selectQueue(topics, options);
  const selection = { ...filterOf(options), ...(all ? { all } : {}) };
  const { purged } = await purgeDeadLetters(topics, queue, { ...selection, dryRun, abortSignal });
  stderr.write(`${countLetters(purged, queue.groupId, dryRun)} removed\n`);
  abortSignal.throwIfAborted();
}
