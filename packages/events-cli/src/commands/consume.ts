import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';
import { positiveInteger } from './positive-integer.js';
import { repeatable } from './repeatable.js';
import { waitOption } from './wait-option.js';

/** Adds the command `consume`. */
export function addConsume(program: Command, { io }: CommandContext): void {
  program
    .command('consume')
    .summary('receive events of topics as JSON lines')
    .description(
      'Receives the events of topics as a member of a group and writes each as one JSON object a line. Acknowledges an ' +
        'event once its line is written. Receivers connected by modules of --require run too.',
    )
    .requiredOption('-t, --topic <topic>', 'a topic, without prefix (repeatable)', repeatable)
    .requiredOption('-g, --group <group>', 'the consumer group')
    .option('--bus <name>', 'memory, redis, kafka, a package or a path (./bus.js); EVENT_BUS by default')
    .option('--count <number>', 'end after this number of events', positiveInteger)
    .option(
      '--from <position>',
      'where a new group starts: resume (only new events, the default), earliest, an ISO time or a position of the bus; ' +
        'an existing group always resumes',
    )
    .option(
      '--extra <json>',
      'further options of the consumer as a JSON object; the option names of the Python command are accepted',
    )
    .option('--mask', 'write personal data as ***: for people who look, not for produce')
    .option('--quiet', 'write no events; for receivers connected by modules of --require')
    .option('--verbose', 'also print informational notes to stderr')
    .addOption(waitOption())
    .action(async (options: ConsumeCommandOptions) => {
      const { consumeTopics } = await import('../consume/consume-topics.js');
      const { topic: topics, mask = false, quiet = false, verbose = false, ...others } = options;
      await consumeTopics({ ...others, topics, mask, quiet, verbose }, io);
    });
}

interface ConsumeCommandOptions {
  readonly topic: readonly string[];
  readonly group: string;
  readonly bus?: string;
  readonly count?: number;
  readonly from?: string;
  readonly extra?: string;
  readonly mask?: true;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly wait: number;
}
