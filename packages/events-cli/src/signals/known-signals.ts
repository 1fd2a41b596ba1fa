import { catalogEventTypes, loadCatalogSignal } from '@openedx-ts/events-catalog/loader';
import { allSignals, findSignal, type OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { nearestName } from '@openedx-ts/events-core/bus';
import { CommandError } from '../terminal/command-error.js';

/**
 * Finds the signal of an event type in the modules of `--require` or in the catalogue, of which it loads only this
 * event.
 *
 * @throws CommandError naming the nearest known type
 */
export async function knownSignal(eventType: string): Promise<OpenEdxPublicSignal> {
  const signal = findSignal(eventType) ?? (await loadCatalogSignal(eventType));
  if (signal !== undefined) return signal;
  const types = new Set([...catalogEventTypes, ...allSignals().map((known) => known.eventType)]);
  const nearest = nearestName(eventType, types);
  throw new CommandError(
    'CLI_UNKNOWN_NAME',
    `unknown event type ${eventType}${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}: ` +
      'catalog list shows the known types, --require loads your own',
  );
}

/** Lists every event of the catalogue in its order, then those of the modules of `--require`. */
export async function allKnownSignals(): Promise<readonly OpenEdxPublicSignal[]> {
  const signals = new Set<OpenEdxPublicSignal>();
  for (const type of catalogEventTypes) signals.add(await knownSignal(type));
  for (const signal of allSignals()) signals.add(signal);
  return [...signals];
}

/**
 * Lists the events that modules of `--require` define, without those of the catalogue that they import.
 *
 * @throws CommandError when there is none
 */
export function ownSignals(): readonly OpenEdxPublicSignal[] {
  const ofCatalog = new Set<string>(catalogEventTypes);
  const own = allSignals().filter(({ eventType }) => !ofCatalog.has(eventType));
  if (own.length > 0) return own;
  throw new CommandError(
    'CLI_USAGE',
    '--own: no module defines an event of its own: name it with --require ./events.js',
  );
}

/**
 * Finds the signals that match patterns: event types in which `*` matches any text. Each signal is listed once.
 *
 * @throws CommandError when a pattern matches none
 */
export async function signalsNamed(patterns: readonly string[]): Promise<readonly OpenEdxPublicSignal[]> {
  const signals = new Set<OpenEdxPublicSignal>();
  for (const pattern of patterns) {
    for (const signal of await matching(pattern)) signals.add(signal);
  }
  return [...signals];
}

async function matching(pattern: string): Promise<readonly OpenEdxPublicSignal[]> {
  if (!pattern.includes('*')) return [await knownSignal(pattern)];
  const parts = pattern.split('*').map((part) => part.replace(/[.\\+?^${}()|[\]]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`);
  const found = (await allKnownSignals()).filter(({ eventType }) => expression.test(eventType));
  if (found.length > 0) return found;
  throw new CommandError(
    'CLI_UNKNOWN_NAME',
    `no event type matches ${pattern}: catalog list shows the known types`,
  );
}
