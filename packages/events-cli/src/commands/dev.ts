import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';
import { portNumber } from './port-number.js';
import { positiveInteger } from './positive-integer.js';

/** Adds the command `dev`. */
export function addDev(root: Command, { io }: CommandContext): void {
  root
    .command('dev')
    .summary('run a bus with traffic and the console, to try things')
    .description(
      'Sends enrolments of the catalogue at a rate, runs two groups, of which one fails now and then, and serves the console, ' +
        'until it is interrupted. It needs nothing but Node: the bus is memory unless another is named.',
    )
    .option('--bus <name>', 'redis, kafka, a package or a path (./bus.js); EVENT_BUS, else memory by default')
    .option('--port <number>', 'the port of the console; a free one by default', portNumber)
    .option('--rate <number>', 'events a second', positiveInteger, 5)
    .action(async (options: { readonly bus?: string; readonly port?: number; readonly rate: number }) => {
      const { runDev } = await import('../dev/run-dev.js');
      await runDev(options, io);
    });
}
