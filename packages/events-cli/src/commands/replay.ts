import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';

/** Adds the command `replay`. */
export function addReplay(program: Command, { io }: CommandContext): void {
  program
    .command('replay')
    .summary('process events of a topic again')
    .description(
      'Sets a group back to an earlier position, so that its consumers receive events again, or creates a group at that ' +
        'position. Refuses while the group has active members, and never sets a group forward.',
    )
    .requiredOption('-t, --topic <topic>', 'the topic, without prefix')
    .requiredOption('-g, --group <group>', 'the group')
    .requiredOption('--from <where>', 'earliest, an ISO time, a position, or the id of an event')
    .option('--create', 'create the group if it does not exist')
    .option('--bus <name>', 'redis, kafka, a package or a path (./bus.js); EVENT_BUS by default')
    .option('--dry-run', 'change nothing, only print what the group would receive')
    .option('--json', 'one JSON object')
    .action(async ({ create = false, dryRun = false, json = false, ...options }: ReplayOptions) => {
      const { replay } = await import('../operate/replay.js');
      await replay({ ...options, create, dryRun, json }, io);
    });
}

interface ReplayOptions {
  readonly topic: string;
  readonly group: string;
  readonly from: string;
  readonly create?: boolean;
  readonly bus?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}
