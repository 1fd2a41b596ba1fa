import type { SizeName } from '../../scenario.js';

/** What is done to a bus, while a service with an outbox works. */
export type OutageKind = 'unreachable' | 'password' | 'denied' | 'missing' | 'registry';

/** Outages of the bus on which an outbox publishes. */
export interface OutageScenario {
  readonly fault: 'F27';
  readonly name: 'outbox-outages';
  /** What is done, in a sentence. */
  readonly title: string;
  /** Names of the buses on which it is done. */
  readonly buses: readonly ('redis' | 'kafka')[];
  readonly sizes: Readonly<Record<SizeName, OutageSize>>;
}

/** How much of it. */
export interface OutageSize {
  /** Requests in a second; each is a transaction with one event. */
  readonly perSecond: number;
  /** How long requests are measured before each outage. */
  readonly beforeMs: number;
  /** How often the broker is unreachable, and for how long each time. */
  readonly unreachable: { readonly times: number; readonly forMs: number };
  /** How long each of the other outages lasts. */
  readonly otherForMs: number;
}
