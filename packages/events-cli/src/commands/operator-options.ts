import type { Command } from 'commander';
import { repeatable } from './repeatable.js';

/** Options of `lag` and `doctor`. */
export interface OperatorCommandOptions {
  readonly bus?: string;
  readonly topic?: readonly string[];
  readonly group?: string;
  readonly json?: true;
}

/** Adds the options that `lag` and `doctor` share. */
export function addOperatorOptions(command: Command): Command {
  return command
    .option('--bus <name>', 'redis, kafka, a package or a path (./bus.js); EVENT_BUS by default')
    .option('-t, --topic <topic>', 'only this topic, without prefix (repeatable)', repeatable)
    .option('-g, --group <group>', 'only this group')
    .option('--json', 'one JSON object a line');
}
