import type { Command } from 'commander';
import { positiveInteger, waitOption } from '../bus/wait-option.js';
import { appended, type CommandContext } from './command-context.js';

/** `consume` */
export function addConsume(program: Command, { io }: CommandContext): void {
  program
    .command('consume')
    .summary('receive events of topics as JSON lines')
    .description(
      'Receives the events of topics as a member of a group and writes each as one JSON object a line; acknowledges it ' +
        'once the line is written. Receivers that --require brings run, too.',
    )
    .requiredOption('-t, --topic <topic>', 'a topic, without prefix (repeatable)', appended)
    .requiredOption('-g, --group <group>', 'the consumer group')
    .option('--bus <name>', 'memory, redis, kafka or a module; EVENT_BUS by default')
    .option('--count <number>', 'end after so many events', positiveInteger)
    .option(
      '--from <position>',
      'where a new group begins: resume, earliest, an ISO time or a position; a group that exists goes on',
    )
    .option('--extra <json>', 'further options of the consumer, a JSON object; the names of Python are known')
    .option('--quiet', 'write no events: for the receivers of --require')
    .option('--verbose', 'more notes on stderr')
    .addOption(waitOption())
    .action(async (options: ConsumeCommandOptions) => {
      const { consumeTopics } = await import('../consume/consume-topics.js');
      const { topic: topics, quiet = false, verbose = false, ...others } = options;
      await consumeTopics({ ...others, topics, quiet, verbose }, io);
    });
}

interface ConsumeCommandOptions {
  readonly topic: readonly string[];
  readonly group: string;
  readonly bus?: string;
  readonly count?: number;
  readonly from?: string;
  readonly extra?: string;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly wait: number;
}
