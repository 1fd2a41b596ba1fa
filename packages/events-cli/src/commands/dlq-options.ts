import { type Command, InvalidArgumentError, Option } from 'commander';
import type { QueueOptions } from '../dead-letters/queue-options.js';

/** Adds the options that select a dead-letter queue, and dead letters in it by time, type and code. */
export function addQueueOptions(command: Command): Command {
  return command
    .requiredOption('-t, --topic <topic>', 'the topic of the events, without prefix')
    .option('-g, --group <group>', 'the group that dead-lettered them')
    .option('--bus <name>', 'redis, kafka, a package or a path (./bus.js); EVENT_BUS by default')
    .option('--code <code>', 'only with this failure code, e.g. RECEIVER_FAILED')
    .addOption(new Option('--uncoded', 'only those whose headers give no failure code').conflicts('code'))
    .option('--type <type>', 'only of this event type')
    .addOption(new Option('--untyped', 'only those whose headers give no event type').conflicts('type'))
    .option(
      '--since <time>',
      'only those dead-lettered at or after this time, e.g. 2026-01-31T12:00:00Z',
      time,
    )
    .option('--until <time>', 'only those dead-lettered before this time', time);
}

/** Adds the options of `addQueueOptions`, and those that select single dead letters. */
export function addSelectionOptions(command: Command): Command {
  return addQueueOptions(command)
    .option('--position <position>', 'only the dead letter at this position, as dlq show prints it')
    .option('--id <id>', 'only those of the event with this id');
}

/** Options of the commands that change a dead-letter queue. */
export interface SelectionCommandOptions extends QueueOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

function time(text: string): Date {
  const date = new Date(text);
  if (/^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError('Expected a time with an offset, such as 2026-01-31T12:00:00Z.');
}
