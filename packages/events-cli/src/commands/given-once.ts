import type { Command } from 'commander';
import { repeatable } from './repeatable.js';

/** Lets a command, and those below it, refuse an option that is given twice: the first value would be ignored. */
export function givenOnce(command: Command): void {
  for (const option of command.options) {
    const { parseArg: parse, flags } = option;
    if (!option.required || option.variadic || parse === repeatable) continue;
    let isGiven = false;
    option.argParser((value: string, before: unknown) => {
      if (isGiven) command.error(`error: option '${flags}' is given twice, and takes one value`);
      isGiven = true;
      return parse === undefined ? value : parse(value, before);
    });
  }
  for (const below of command.commands) givenOnce(below);
}
