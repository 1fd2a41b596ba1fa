import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';
import { portNumber } from './port-number.js';

/** Adds the command `console`. */
export function addConsole(root: Command, { io }: CommandContext): void {
  root
    .command('console')
    .summary('show the bus in a browser')
    .description(
      'Serves the console on this machine until it is interrupted, and prints its address. The address holds a token that ' +
        'is good for one browser. Nothing can be changed and no personal data are shown unless an option allows it.',
    )
    .option('--bus <name>', 'redis, kafka, a package or a path (./bus.js); EVENT_BUS by default')
    .option('--port <number>', 'listen on this port; a free one by default', portNumber)
    .option('--allow-changes', 'allow sending dead letters again, removing them, and replay')
    .option('--unmask', 'allow showing personal data')
    .option('--trace-url <url>', 'where a trace is shown, with {traceId} in it')
    .action(async ({ allowChanges = false, unmask = false, ...options }: Options) => {
      const { openConsole } = await import('../console/open-console.js');
      await openConsole({ ...options, allowChanges, unmask }, io);
    });
}

interface Options {
  readonly bus?: string;
  readonly port?: number;
  readonly allowChanges?: boolean;
  readonly unmask?: boolean;
  readonly traceUrl?: string;
}
