import type { Command } from 'commander';
import { waitOption } from '../bus/wait-option.js';
import type { CommandContext } from './command-context.js';

/** `produce` */
export function addProduce(program: Command, { io }: CommandContext): void {
  program
    .command('produce')
    .summary('send events (JSON lines) to a topic')
    .description(
      'Sends one event a line, {"data": {...}} with "metadata" if it is to be kept, and resolves when the broker has ' +
        'accepted all. Keeps the order, and stops at the first line that is refused.',
    )
    .argument('[file]', 'JSON lines; without it, or with -, stdin')
    .requiredOption('--type <type>', 'the event type')
    .requiredOption('--topic <topic>', 'the topic, without prefix')
    .option('--key-field <path>', 'where the key is in the data; required, the error names what is possible')
    .option('--bus <name>', 'memory, redis, kafka or a module; EVENT_BUS by default')
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
