import {
  type OpenEdxPublicSignal,
  ProducerConfigurationError,
  type Route,
  route,
} from '@openedx-ts/events-core';
import { type Fields, nearestName, type RecordShape, resolveKeyPath } from '@openedx-ts/events-core/bus';
import { CommandError } from '../command-error.js';

/**
 * Where the events of a signal go, checked.
 *
 * @throws CommandError naming the key paths that are possible, when the one given is not, or none is
 */
export function outgoingRoute(
  signal: OpenEdxPublicSignal,
  topic: string,
  keyField: string | undefined,
): Route {
  const possible = keyPathsIn(signal.shape.fields);
  if (keyField === undefined) throw usage(`--key-field is missing: ${choice(signal, possible)}`);
  const key = resolveKeyPath(signal.shape.fields, keyField);
  if ('problem' in key) {
    const nearest = nearestName(keyField, possible);
    const hint = nearest === undefined ? choice(signal, possible) : `did you mean ${nearest}?`;
    throw usage(`--key-field: ${key.problem}; ${hint}`);
  }
  try {
    return route(signal, { topic, eventKeyField: keyField as never });
  } catch (error) {
    if (!(error instanceof ProducerConfigurationError)) throw error;
    throw usage(`--topic: ${error.issues.map(({ message }) => message).join('; ')}`);
  }
}

/** Every path of a field that can be a key, in the order of the fields. */
export function keyPathsIn(fields: Fields, prefix = ''): readonly string[] {
  return Object.entries(fields).flatMap(([name, shape]) => {
    const path = `${prefix}${name}`;
    if (shape.kind === 'record') return keyPathsIn((shape as RecordShape).fields, `${path}.`);
    return 'problem' in resolveKeyPath(fields, name) ? [] : [path];
  });
}

function choice({ about }: OpenEdxPublicSignal, possible: readonly string[]): string {
  const { eventKeyField } = about;
  const usual = eventKeyField === undefined ? '' : `${eventKeyField} is usual, `;
  return `${usual}possible are ${possible.join(', ')}`;
}

function usage(message: string): CommandError {
  return new CommandError('CLI_USAGE', message);
}
