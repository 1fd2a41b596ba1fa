import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { allKnownSignals, signalsNamed } from '../signals/known-signals.js';
import { signalWithSchema, withoutSchema } from '../signals/signal-with-schema.js';

/**
 * The signals whose schemas a command works on: those that are named, or all. An event that may not leave its process
 * has no schema: it is refused when it was named by its type, and otherwise left out and handed to `onLeftOut`.
 *
 * @throws CommandError
 */
export async function selectSignals(
  named: readonly string[] | 'all',
  onLeftOut: (reason: string) => void = () => {},
): Promise<readonly OpenEdxPublicSignal[]> {
  const signals = named === 'all' ? await allKnownSignals() : await signalsNamed(named);
  const selected: OpenEdxPublicSignal[] = [];
  for (const signal of signals) {
    if (named !== 'all' && named.includes(signal.eventType)) await signalWithSchema(signal.eventType);
    if (signal.about.localOnly === undefined) selected.push(signal);
    else onLeftOut(withoutSchema(signal));
  }
  return selected;
}
