import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';

/** `replay` */
export function addReplay(program: Command, { io }: CommandContext): void {
  program
    .command('replay')
    .summary('let a group have events of a topic again')
    .description(
      'Sets a group back, so that its consumers get events again when they start, or makes a group that begins there. ' +
        'Refuses while members of the group are active, and never sets a group forward.',
    )
    .requiredOption('-t, --topic <topic>', 'the topic, without prefix')
    .requiredOption('-g, --group <group>', 'the group')
    .requiredOption('--from <where>', 'earliest, an ISO time, a position, or the id of an event')
    .option('--create', 'make the group when there is none')
    .option('--bus <name>', 'redis, kafka or a module; EVENT_BUS by default')
    .option('--dry-run', 'only say what it would get')
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
