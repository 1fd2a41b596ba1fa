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
        'until it is interrupted. The bus is memory unless another is named, and needs nothing but Node. For redis and kafka it ' +
        'starts what the environment does not name: in Docker, or redis-server or kafka-server-start.sh of the PATH, with a schema ' +
        'registry in this process. It prints the settings for other terminals.',
    )
    .option('--bus <name>', 'redis, kafka, a package or a path (./bus.js); EVENT_BUS, else memory by default')
    .option('--port <number>', 'the port of the console; a free one by default', portNumber)
    .option('--rate <number>', 'events a second', positiveInteger, 5)
    .action(async (options: { readonly bus?: string; readonly port?: number; readonly rate: number }) => {
      const { runDev } = await import('../dev/run-dev.js');
      await runDev(options, io);
    });
}
