import { nearestName } from '../errors/nearest-name.js';
import { DuplicateSignalError, UnknownSignalError } from '../errors/signal-errors.js';
import { snapshotRuntime } from '../runtime/runtime.js';
import { sharedState } from '../runtime/shared-state.js';
import type { OpenEdxPublicSignal } from './signal.js';
import type { SignalEntry } from './signal-entry.js';

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
  return nearestName(eventType, registry().signals.keys());
}

/** The signal of an event type, or undefined when none is loaded. */
export function findSignal(eventType: string): OpenEdxPublicSignal | undefined {
  return registry().signals.get(eventType)?.signal;
}

/** Every signal that was defined in this process, in order of definition. */
export function allSignals(): readonly OpenEdxPublicSignal[] {
  return Array.from(registry().signals.values(), ({ signal }) => signal);
}

/** Returns what the registry keeps of a signal that `defineSignal` has made, registered now or not. */
export function entryOf(signal: OpenEdxPublicSignal): SignalEntry | undefined {
  return registry().defined.get(signal);
}

/** Puts a signal under its type; for `defineSignal`. */
export function registerSignal(entry: SignalEntry): void {
  const { signals, defined } = registry();
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
  const entry = entryOf(signal);
  if (entry !== undefined && findSignal(signal.eventType) !== signal) registerSignal(entry);
}

/**
 * Takes the whole registry as it is: signals, receivers, switches and settings.
 *
 * @returns a function that puts all of it back; signals defined since are forgotten. Tests use `isolateSignals()`.
 */
export function snapshotSignals(): () => void {
  const restoreRuntime = snapshotRuntime();
  const { signals } = registry();
  const entries = Array.from(signals.values(), (entry) => ({ entry, before: { ...entry.state } }));
  return () => {
    restoreRuntime();
    signals.clear();
    for (const { entry, before } of entries) {
      Object.assign(entry.state, before);
      signals.set(entry.signal.eventType, entry);
    }
  };
}

interface Registry {
  readonly signals: Map<string, SignalEntry>;
  /** Every signal ever defined: one that is gone from a restored registry can be registered again. */
  readonly defined: WeakMap<OpenEdxPublicSignal, SignalEntry>;
}

function registry(): Registry {
  return sharedState('registry', () => ({ signals: new Map(), defined: new WeakMap() }));
}
