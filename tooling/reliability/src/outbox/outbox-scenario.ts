import type { SizeName } from '../scenario.js';

/** Faults that are done to a service with an outbox while it writes. */
export interface OutboxScenario {
  readonly fault: 'F23' | 'F24';
  readonly name: 'outbox-writers' | 'outbox-relay';
  /** What is done, in a sentence. */
  readonly title: string;
  /** Names of the databases on which it is done. */
  readonly buses: readonly string[];
  readonly sizes: Readonly<Record<'test' | SizeName, OutboxSize>>;
}

/** How many events, and how many faults of each kind. */
export interface OutboxSize {
  /** Events of committed transactions, at least. */
  readonly events: number;
  /** Of all writers together, in a second. */
  readonly perSecond: number;
  readonly keys: number;
  /** Half of the events are on so many of the keys. */
  readonly hotKeys: number;
  readonly faults: Readonly<Record<OutboxFault, number>>;
  /** A relay may publish so long after the end of the lease of the one that died, in milliseconds. */
  readonly takeOverSlackMs: number;
}

/** What is done: SIGKILL of writers, of the active relay and of the database; SIGSTOP of the relay for longer than its lease. */
export type OutboxFault = 'writerKills' | 'relayKills' | 'relayFreezes' | 'databaseKills';
