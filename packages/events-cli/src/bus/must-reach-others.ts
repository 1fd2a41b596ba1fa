import { CommandError } from '../terminal/command-error.js';

/**
 * Refuses a bus through which nothing that a command sends reaches anybody: the null bus accepts every event and does
 * nothing with it, so that a relay would delete what it should publish.
 *
 * @param command its name, for the message
 * @param given the bus, as `--bus` or the environment names it; a module of the user's may have a broker that its process reads
 * @param unfit the names of the buses that do not fit
 * @throws CommandError naming the bus
 */
export function mustReachOthers(command: string, given: string, unfit: readonly string[]): void {
  const name = given.replace(/^@openedx-ts\/event-bus-/, '');
  if (!unfit.includes(name)) return;
  throw new CommandError(
    'CLI_USAGE',
    `${command}: nobody would receive what is sent through the bus ${name}: ` +
      'give --bus redis, kafka or a module (./bus.js), or set EVENT_BUS',
  );
}
