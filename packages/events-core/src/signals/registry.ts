import { nearestName } from '../errors/nearest-name.js';
import { DuplicateSignalError, UnknownSignalError } from '../errors/signal-errors.js';
import { type SignalEntry, sharedState } from '../runtime/shared-state.js';
import type { OpenEdxPublicSignal } from './signal.js';

/**
 * The signal of an event type.
 *
 * @throws UnknownSignalError naming the nearest known type when its module was not imported
 */
export function getSignalByType(eventType: string): OpenEdxPublicSignal {
  const signal = findSignal(eventType);
  if (signal !== undefined) return signal;
  throw new UnknownSignalError(eventType, nearestEventType(eventType));
}

/** The loaded event type that a mistyped one probably meant, or undefined when none is close. */
export function nearestEventType(eventType: string): string | undefined {
  return nearestName(eventType, sharedState().signals.keys());
}

/** The signal of an event type, or undefined when none is loaded. */
export function findSignal(eventType: string): OpenEdxPublicSignal | undefined {
  return sharedState().signals.get(eventType)?.signal;
}

/** Every signal that was defined in this process, in order of definition. */
export function allSignals(): readonly OpenEdxPublicSignal[] {
  return Array.from(sharedState().signals.values(), ({ signal }) => signal);
}

/** Puts a signal under its type; for `defineSignal`. */
export function registerSignal(entry: SignalEntry): void {
  const { signals, defined } = sharedState();
  const { eventType } = entry.signal;
  if (signals.has(eventType)) throw new DuplicateSignalError(eventType);
  signals.set(eventType, entry);
  defined.set(entry.signal, entry);
}

/**
 * Registers a signal again that was forgotten when the registry was put back to an earlier state. A module runs only
 * once: importing it again would not.
 *
 * @throws DuplicateSignalError when another signal has its type
 */
export function registerAgain(signal: OpenEdxPublicSignal): void {
  const entry = sharedState().defined.get(signal);
  if (entry !== undefined && findSignal(signal.eventType) !== signal) registerSignal(entry);
}

/**
 * Takes the whole registry as it is: signals, receivers, switches and settings.
 *
 * @returns a function that puts all of it back; signals defined since are forgotten. Tests use `isolateSignals()`.
 */
export function snapshotSignals(): () => void {
  const state = sharedState();
  const { runtime } = state;
  const entries = Array.from(state.signals.values(), (entry) => ({ entry, before: { ...entry.state } }));
  return () => {
    state.runtime = runtime;
    state.signals.clear();
    for (const { entry, before } of entries) {
      Object.assign(entry.state, before);
      state.signals.set(entry.signal.eventType, entry);
    }
  };
}
