import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';
import { waitOption } from './wait-option.js';

/** Adds the command `produce`. */
export function addProduce(program: Command, { io }: CommandContext): void {
  program
    .command('produce')
    .summary('send events (JSON lines) to a topic')
    .description(
      'Sends one event a line, {"data": {...}} with optional "metadata", in order, and ends when the broker has accepted ' +
        'all of them. Stops at the first line that is refused.',
    )
    .argument('[file]', 'a file of JSON lines; stdin if it is omitted or -')
    .requiredOption('--type <type>', 'the event type')
    .requiredOption('-t, --topic <topic>', 'the topic, without prefix')
    .option(
      '--key-field <path>',
      'path of the key in the data, e.g. enrollment.course.course_key; required, and if missing the error lists the paths',
    )
    .option('--bus <name>', 'memory, redis, kafka, a package or a path (./bus.js); EVENT_BUS by default')
    .addOption(waitOption())
    .action(async (file: string | undefined, options: ProduceCommandOptions) => {
      const { produceFile } = await import('../produce/produce-file.js');
      await produceFile({ ...options, file: file === '-' ? undefined : file }, io);
    });
}

interface ProduceCommandOptions {
  readonly type: string;
  readonly topic: string;
  readonly keyField?: string;
  readonly bus?: string;
  readonly wait: number;
}
