import { RegistryProtocolError } from '../errors/signal-errors.js';
import type { OpenEdxPublicSignal, SignalState } from '../signals/signal.js';
import type { EventsRuntime } from './events-runtime.js';

/** What all copies of this package in one process share. */
export interface SharedState {
  readonly protocol: number;
  readonly signals: Map<string, SignalEntry>;
  /** Every signal ever defined: one that a restored registry forgot can be registered again. */
  readonly defined: WeakMap<OpenEdxPublicSignal, SignalEntry>;
  runtime: EventsRuntime | undefined;
}

/** A signal with the part of it that changes. */
export interface SignalEntry {
  readonly signal: OpenEdxPublicSignal;
  readonly state: SignalState;
}

/** Raised when the shape of `SharedState` changes in a way that an older copy would misread. */
const PROTOCOL = 1;
const key = Symbol.for('@openedx-ts/events-core/shared-state');

/**
 * The state that lives once in a process, however many copies of the package are installed: a registry that existed
 * twice would lose every event sent through the other one.
 *
 * @throws RegistryProtocolError when another copy with another protocol came first
 */
export function sharedState(): SharedState {
  const holder = globalThis as { [key]?: SharedState };
  holder[key] ??= { protocol: PROTOCOL, signals: new Map(), defined: new WeakMap(), runtime: undefined };
  const state = holder[key];
  if (state.protocol !== PROTOCOL) throw new RegistryProtocolError(state.protocol, PROTOCOL);
  return state;
}
