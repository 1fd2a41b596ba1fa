import { avroCodec } from '@openedx-ts/events-avro';
import { purgeDeadLetters } from '@openedx-ts/events-core/operate';
import { closing } from '../bus/closing.js';
import { openBus } from '../bus/open-bus.js';
import { openTopics } from '../bus/open-topics.js';
import { fieldCondition } from '../signals/field-condition.js';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { mustSelect } from '../terminal/must-select.js';
import { noteUnreadable } from '../terminal/note-unreadable.js';
import { writeNote } from '../terminal/write-note.js';
import { deadLetterCount } from './dead-letter-count.js';
import { conditionsOf, filterOf, noteOtherGroups, type QueueOptions, selectQueue } from './queue-options.js';

/** Options of `dlq purge`. */
export interface PurgeQueueOptions extends QueueOptions {
  readonly all: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  /** `PATH=VALUE` */
  readonly field?: string;
}

/**
 * Removes dead letters permanently. Writes a line to stderr for each, and their number at the end.
 *
 * @throws CommandError without `yes`, when no known event has the field, or when the bus gives no access to its topics
 * @throws InvalidOptionsError when no dead letter is selected, or a position or event does not exist
 * @throws InfrastructureError when the broker cannot be reached
 */
export async function purgeQueue(options: PurgeQueueOptions, io: CliIo): Promise<void> {
  const { all, dryRun, yes } = options;
  if (!yes && !dryRun)
    throw new CommandError(
      'CLI_USAGE',
      'purge removes events permanently: add --yes to confirm, or --dry-run to see how many',
    );
  mustSelect('dlq purge', all, { ...conditionsOf(options), '--field': options.field });
  const field = await fieldCondition(options.field, options.type);
  const { abortSignal, stderr } = io;
  using bus = await openBus(options.bus, io, { level: 'info' });
  const { admin, topics } = await openTopics(bus, io);
  await using _admin = closing(admin);
  const queue = await selectQueue(topics, options);
  const selection = { ...filterOf(options), ...(all ? { all } : {}) };
  const codec = avroCodec({ unsafeIntegers: 'bigint' });
  const purge = { ...selection, field, codec, dryRun, abortSignal };
  const { purged, unreadable } = await purgeDeadLetters(topics, queue, purge);
  noteUnreadable(unreadable, 'dlq show', stderr);
  writeNote(stderr, `${deadLetterCount(purged, queue.groupId, dryRun)} removed`);
  abortSignal.throwIfAborted();
  if (purged + unreadable === 0) await noteOtherGroups(topics, options, stderr);
}
