import { type Command, Option } from 'commander';
import type { RelayCommandOptions } from '../outbox/run-relay.js';
import type { CommandContext } from './command-context.js';
import { duration } from './duration.js';
import { addDatabaseOptions } from './outbox-options.js';
import { positiveInteger } from './positive-integer.js';

/** Adds the command `outbox relay`. */
export function addOutboxRelay(outbox: Command, { io }: CommandContext): void {
  const command = outbox
    .command('relay')
    .summary('publish what committed transactions have stored')
    .description(
      'Publishes the events of the outbox until it is interrupted. Of several relays one publishes, by lease; the others ' +
        'take over. The database must be reachable at the start; later outages, and those of the broker, are waited out.',
    );
  addDatabaseOptions(command)
    .option('--bus <name>', 'redis, kafka, a package or a path (./bus.js); EVENT_BUS by default')
    .addOption(
      new Option('--when-parked <action>', 'what happens to later events of the key of a parked one')
        .choices(['go-on', 'hold-key'])
        .default('go-on'),
    )
    .option('--keep-published <duration>', 'keep published events so long, e.g. 7d', duration)
    .option('--lease <duration>', 'another relay takes over after so long; 10s by default', duration)
    .option('--poll <duration>', 'time between two looks for new events; 100ms by default', duration)
    .option('--batch <number>', 'events that are published at once; 500 by default', positiveInteger)
    .option('--verbose', 'also print informational notes to stderr')
    .action(async ({ verbose = false, ...options }: Options) => {
      const { runRelay } = await import('../outbox/run-relay.js');
      await runRelay({ ...options, verbose }, io);
    });
}

type Options = Omit<RelayCommandOptions, 'verbose'> & { readonly verbose?: boolean };
