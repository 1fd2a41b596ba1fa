import { CommandError } from './command-error.js';

/**
 * Refuses the options of a command that changes something when they select nothing, or everything as well as something.
 *
 * @param command its name, for the message
 * @param conditions the values of the options that select, by the names of these options
 * @throws CommandError naming the options
 */
export function mustSelect(
  command: string,
  all: boolean,
  conditions: Readonly<Record<string, unknown>>,
): void {
  const isLimited = Object.values(conditions).some((value) => value !== undefined);
  if (all !== isLimited) return;
  const names = Object.keys(conditions).join(', ');
  throw new CommandError(
    'CLI_USAGE',
    all
      ? `${command}: --all and a condition: give one of them (${names})`
      : `${command} selects nothing: give ${names}, or --all`,
  );
}
