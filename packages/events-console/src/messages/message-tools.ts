import type { EventCodec } from '@openedx-ts/events-core/bus';
import type { TopicStore } from '@openedx-ts/events-core/operate';

/** What reads the messages of a bus for the console. */
export interface MessageTools {
  readonly topics: TopicStore;
  readonly codec: EventCodec;
  /** Loads the signal of an event type, where it is not loaded yet; whether it succeeds is seen by decoding. */
  readonly loadSignal: ((eventType: string) => unknown) | undefined;
}
