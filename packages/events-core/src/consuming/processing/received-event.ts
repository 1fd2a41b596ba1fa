import type { EventsMetadata } from '../../metadata/events-metadata.js';
import type { ResolvedReceiverPolicy } from '../../signals/receiver-policy.js';
import type { OpenEdxPublicSignal } from '../../signals/signal.js';

/** A consumed message, identified and decoded. */
export interface ReceivedEvent {
  readonly signal: OpenEdxPublicSignal;
  readonly metadata: EventsMetadata;
  /** As receivers get it: checked and normalised. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Why an event was given up. */
export interface FailedEvent {
  readonly error: unknown;
  readonly attempts: number;
  readonly firstFailure: Date;
  readonly onFailure: ResolvedReceiverPolicy['onFailure'];
}
