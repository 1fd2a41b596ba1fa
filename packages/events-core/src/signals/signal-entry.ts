import type { ReceiverPolicy } from './receiver-policy.js';
import type { OpenEdxPublicSignal, SignalEvent } from './signal.js';

/** A signal as the registry keeps it, with the part of it that changes. */
export interface SignalEntry {
  readonly signal: OpenEdxPublicSignal;
  readonly state: SignalState;
}

/** The part of a signal that changes: kept apart so that tests can save and restore it. */
export interface SignalState {
  enabled: boolean;
  /** Replaced, never changed, so that a running send keeps the list it started with. */
  receivers: readonly ConnectedReceiver[];
}

/** A receiver under its name. */
export interface ConnectedReceiver {
  readonly name: string;
  readonly policy: ReceiverPolicy | undefined;
  /** Whether its failure is that of the sender. */
  readonly mustSucceed: boolean;
  readonly receiver: (event: SignalEvent) => unknown;
}
