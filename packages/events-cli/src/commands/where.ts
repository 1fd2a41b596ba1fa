import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';
import { positiveInteger } from './positive-integer.js';
import { repeatable } from './repeatable.js';

/** Adds the command `where`. */
export function addWhere(program: Command, { io }: CommandContext): void {
  program
    .command('where')
    .summary('find an event, and show what became of it in every group')
    .description(
      'Finds an event by its id and shows for every group whether it has passed, waits, is in flight, or became a dead letter. ' +
        'An id of version 7 (of these packages) or 1 (of the Python services) holds the time to look at; for other ids name it with --since.',
    )
    .argument('<id>', 'the id of the event')
    .option('--bus <name>', 'redis, kafka, a package or a path (./bus.js); EVENT_BUS by default')
    .option('-t, --topic <topic>', 'only this topic, without prefix (repeatable)', repeatable)
    .option(
      '--since <time>',
      'look at all events stored since this time; close to the time in the id by default',
    )
    .option('--until <time>', 'look at events stored until this time')
    .option('--limit <number>', 'stop after so many events; 1,000,000 by default', positiveInteger)
    .option('--after <topic@position>', 'go on where an earlier search stopped')
    .option('--json', 'one JSON object for each place')
    .action(async (id: string, { json = false, ...options }: WhereOptions) => {
      const { showWhere } = await import('../operate/show-where.js');
      await showWhere({ ...options, id, json }, io);
    });
}

interface WhereOptions {
  readonly bus?: string;
  readonly topic?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly limit?: number;
  readonly after?: string;
  readonly json?: boolean;
}
