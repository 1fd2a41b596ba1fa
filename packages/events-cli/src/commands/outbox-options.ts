import { type Command, InvalidArgumentError } from 'commander';
import type { ParkedOptions } from '../outbox/parked-options.js';

/** Adds the options that name the outbox. */
export function addDatabaseOptions(command: Command): Command {
  return command
    .option('--database <url>', 'postgres://... or mysql://...; DATABASE_URL by default')
    .option('--table <name>', 'the table of pending events; event_outbox by default');
}

/** Adds the options of `addDatabaseOptions`, and those that select parked events. */
export function addParkedOptions(command: Command): Command {
  return addDatabaseOptions(command)
    .option('-t, --topic <topic>', 'only of this topic, without prefix')
    .option('--position <position>', 'only the event at this position, as outbox show prints it', position)
    .option('--id <id>', 'only the event with this id')
    .option('--type <type>', 'only of this event type')
    .option('--code <code>', 'only with this error code, e.g. EVENTS_PRODUCE_FAILED');
}

/** Adds the options of `addParkedOptions`, and those of the commands that change parked events. */
export function addParkedSelectionOptions(command: Command): Command {
  return addParkedOptions(command)
    .option('--all', 'select every parked event')
    .option('--dry-run', 'change nothing, only print how many');
}

/** Options of the commands that change parked events. */
export interface ParkedCommandOptions extends ParkedOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

/** Refuses a word that the database cannot compare with a position. */
function position(text: string): bigint {
  if (/^\d{1,20}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError('Expected a position, a whole number.');
}
