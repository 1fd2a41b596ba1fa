import {
  type OpenEdxPublicSignal,
  ProducerConfigurationError,
  type Route,
  route,
} from '@openedx-ts/events-core';
import { keyPathsIn, nearestName, resolveKeyPath } from '@openedx-ts/events-core/bus';
import { CommandError } from '../terminal/command-error.js';

/**
 * Builds the route of the events of a signal from `--topic` and `--key-field`.
 *
 * @throws CommandError when the topic is invalid, or the key path is missing or invalid; lists the possible paths
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

function choice({ about }: OpenEdxPublicSignal, possible: readonly string[]): string {
  const { eventKeyField } = about;
  const usual = eventKeyField === undefined ? '' : `usual is ${eventKeyField}, `;
  return `${usual}possible are ${possible.join(', ')}`;
}

function usage(message: string): CommandError {
  return new CommandError('CLI_USAGE', message);
}
