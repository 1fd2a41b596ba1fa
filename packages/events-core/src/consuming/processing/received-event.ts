import type { EventsMetadata } from '../../metadata/events-metadata.js';
import type { OpenEdxPublicSignal } from '../../signals/signal.js';

/** A consumed message, identified and decoded. */
export interface ReceivedEvent {
  readonly signal: OpenEdxPublicSignal;
  readonly metadata: EventsMetadata;
  /** As receivers get it: checked and normalised. */
  readonly data: Readonly<Record<string, unknown>>;
}
