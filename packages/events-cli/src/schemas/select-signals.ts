import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { allKnownSignals, ownSignals, signalsNamed } from '../signals/known-signals.js';
import { noSchemaReason, signalWithSchema } from '../signals/signal-with-schema.js';

/**
 * Selects the signals whose schemas a command works on: the named ones, all, or those of the modules of `--require`. A
 * local-only event has no schema: it is refused when it is named by its type, and otherwise left out and reported to
 * `onLeftOut` with the reason.
 *
 * @throws CommandError when a type is unknown or local-only, or no module defines an event
 */
export async function selectSignals(
  named: readonly string[] | 'all' | 'own',
  onLeftOut: (reason: string) => void = () => {},
): Promise<readonly OpenEdxPublicSignal[]> {
  const signals = typeof named === 'string' ? await groups[named]() : await signalsNamed(named);
  const selected: OpenEdxPublicSignal[] = [];
  for (const signal of signals) {
    if (typeof named !== 'string' && named.includes(signal.eventType))
      await signalWithSchema(signal.eventType);
    if (signal.about.localOnly === undefined) selected.push(signal);
    else onLeftOut(noSchemaReason(signal));
  }
  return selected;
}

const groups = { all: allKnownSignals, own: async () => ownSignals() };
