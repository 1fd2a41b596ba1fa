import { catalogEventTypes, loadCatalogSignal } from '@openedx-ts/events-catalog/loader';
import { allSignals, findSignal, type OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { nearestName } from '@openedx-ts/events-core/bus';
import { CommandError } from '../command-error.js';

/**
 * The signal of an event type: of a required module, or of the catalogue, of which no other event is loaded.
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
    `there is no event type ${eventType}${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}: ` +
      'catalog list shows the known ones, --require loads your own',
  );
}

/** Every event of the catalogue in its order, then those of required modules. */
export async function allKnownSignals(): Promise<readonly OpenEdxPublicSignal[]> {
  const signals = new Set<OpenEdxPublicSignal>();
  for (const type of catalogEventTypes) signals.add(await knownSignal(type));
  for (const signal of allSignals()) signals.add(signal);
  return [...signals];
}

/**
 * The signals that patterns name: event types, or patterns in which `*` stands for any text. Each once.
 *
 * @throws CommandError when a pattern names none
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
  throw new CommandError('CLI_UNKNOWN_NAME', `no event type fits ${pattern}`);
}
