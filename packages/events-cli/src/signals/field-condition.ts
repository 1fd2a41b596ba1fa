import { FieldCondition } from '@openedx-ts/events-core/operate';
import { CommandError } from '../terminal/command-error.js';
import { allKnownSignals, knownSignal } from './known-signals.js';

/**
 * Reads `--field PATH=VALUE`, and loads the events in which the field may be: that of `--type`, or all known ones. No
 * error repeats the value.
 *
 * @returns undefined when the option is not given
 * @throws CommandError when it is malformed, or no known event has the field
 */
export async function fieldCondition(
  field: string | undefined,
  eventType: string | undefined,
): Promise<FieldCondition | undefined> {
  if (field === undefined) return undefined;
  const at = field.indexOf('=');
  const path = field.slice(0, Math.max(0, at));
  if (!/^\w+(\.\w+)*$/.test(path) || at === field.length - 1)
    throw usage('--field: expected PATH=VALUE, such as user.pii.username=ada');
  const condition = new FieldCondition(path, field.slice(at + 1));
  const signals = await allKnownSignals();
  const meant = eventType === undefined ? signals : [await knownSignal(eventType)];
  if (meant.some(({ shape }) => condition.isIn(shape))) return condition;
  throw usage(
    `--field ${path}: ${eventType ?? 'no known event'} has ${eventType === undefined ? 'this' : 'no such'} field ` +
      '(catalog show lists the fields of an event, --require loads your own events)',
  );
}

function usage(message: string): CommandError {
  return new CommandError('CLI_USAGE', message);
}
