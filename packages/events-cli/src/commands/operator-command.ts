import type { Command } from 'commander';
import { appended } from './command-context.js';

/** What `lag` and `doctor` are told. */
export interface OperatorCommandOptions {
  readonly bus?: string;
  readonly topic?: readonly string[];
  readonly group?: string;
  readonly json?: true;
}

/** Adds the options that `lag` and `doctor` share. */
export function addOperatorOptions(command: Command): Command {
  return command
    .option('--bus <name>', 'redis, kafka or a module; EVENT_BUS by default')
    .option('-t, --topic <topic>', 'only this topic, without prefix (repeatable)', appended)
    .option('-g, --group <group>', 'only this group')
    .option('--json', 'one JSON object a line');
}
