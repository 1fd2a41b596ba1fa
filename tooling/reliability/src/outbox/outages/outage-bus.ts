import type { Environment, EventBusPlugin } from '@openedx-ts/events-core';
import type { OutageKind } from './outage-scenario.js';

/** An outage of a bus. */
export interface Outage {
  readonly kind: OutageKind;
  start(): Promise<void>;
  end(): Promise<void>;
  /** Events of this topic are sent only from the start of the outage on; undefined: the outage affects the topics of before. */
  readonly lateTopic?: string;
}

/** A broker whose outages the rig causes; no topic exists but those of before. */
export interface OutageBus extends AsyncDisposable {
  readonly plugin: EventBusPlugin;
  /** For the relay and the rig. */
  readonly env: Environment;
  readonly outages: readonly Outage[];
  /** How many events the broker has stored in a topic. */
  stored(topic: string): Promise<number>;
}

/** The topic that outages may affect. */
export const affectedTopic = 'items';
/** A topic that only an outage of the whole bus affects. */
export const otherTopic = 'others';
