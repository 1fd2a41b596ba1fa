import { type Command, Option } from 'commander';
import type { PythonBus } from '../schemas/check-finding.js';
import type { CheckMode } from '../schemas/schema-breaks.js';
import type { CommandContext } from './command-context.js';
import { repeatable } from './repeatable.js';

/** Adds the command `schema check`. */
export function addSchemaCheck(schema: Command, { io }: CommandContext): void {
  const modes: readonly CheckMode[] = ['backward', 'forward', 'full'];
  const buses: readonly PythonBus[] = ['kafka', 'redis'];
  schema
    .command('check')
    .summary('fail when a change of an event breaks who sends or receives it')
    .description(
      'Compares events with what was published of them: schemas, symbols, custom types, defaults, keys and personal data. Fails when something cannot be read any longer, is missing or has vanished, and names who breaks and the cure.',
    )
    .requiredOption(
      '--against <place>',
      'a folder with schema files, git:REF or git:REF:FOLDER (schemas), or the URL of a schema registry',
    )
    .addOption(
      new Option(
        '--mode <mode>',
        'backward: new code reads old events; forward: old code reads new events; full: both',
      )
        .choices(modes)
        .default('full'),
    )
    .option('--own', 'only the events of the modules of --require')
    .option('--types <types...>', 'only these event types; * matches any text')
    .option('--strict', 'fail on stale and unknown files too')
    .addOption(
      new Option('--python <buses...>', 'fail on what breaks Python services on these buses').choices(buses),
    )
    .option('--bus <name>', 'name the groups on this bus that receive what breaks')
    .option(
      '-t, --topic <topic>',
      'with --bus: the topic of the events, without prefix (repeatable); otherwise that of their routes',
      repeatable,
    )
    .action(async (options: CheckCommandOptions) => {
      const { checkSchemas } = await import('../schemas/check-schemas.js');
      const { against, mode, types, own = false, strict = false, python = [] } = options;
      const { bus, topic: topics } = options;
      const groups = bus === undefined ? undefined : { bus, topics };
      await checkSchemas({ against, mode, types, own, strict, python, groups }, io);
    });
}

interface CheckCommandOptions {
  readonly against: string;
  readonly mode: CheckMode;
  readonly types?: readonly string[];
  readonly own?: true;
  readonly strict?: true;
  readonly python?: readonly PythonBus[];
  readonly bus?: string;
  readonly topic?: readonly string[];
}
