import { type Command, InvalidArgumentError } from 'commander';
import type { QueueOptions } from '../dead-letters/queue-options.js';

/** Adds the options that say which dead letters are meant. */
export function addQueueOptions(command: Command): Command {
  return command
    .requiredOption('-t, --topic <topic>', 'the topic they came from, without prefix')
    .option('-g, --group <group>', 'the group that gave them up')
    .option('--bus <name>', 'redis, kafka or a module; EVENT_BUS by default')
    .option('--code <code>', 'only with this reason, e.g. RECEIVER_FAILED')
    .option('--type <type>', 'only of this event type')
    .option('--since <time>', 'only dead since then, e.g. 2026-01-31T12:00:00Z', time)
    .option('--until <time>', 'only dead before that', time);
}

/** Adds those that name a single one. */
export function addSelectionOptions(command: Command): Command {
  return addQueueOptions(command)
    .option('--position <position>', 'the one that lies there, as show has it')
    .option('--id <id>', 'those of one event');
}

/** What `redrive` and `purge` are told of it. */
export interface SelectionCommandOptions extends QueueOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

function time(text: string): Date {
  const date = new Date(text);
  if (/^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError('Expected a time with an offset, such as 2026-01-31T12:00:00Z.');
}
