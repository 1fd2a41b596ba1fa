import type { DatabaseAddress } from './open-database.js';

/** The options of a process with writers. */
export interface WriterProcessOptions extends WritingOptions {
  readonly database: DatabaseAddress;
  /** File for the deadlocks that it has met, a line each. */
  readonly deadlocks: string;
}

/** What the writers of a process do. */
export interface WritingOptions {
  readonly topic: string;
  readonly seed: number;
  /** How many transactions are open at once. */
  readonly writers: number;
  /** Events of all of them, in a second. */
  readonly perSecond: number;
  readonly keys: number;
  readonly hotKeys: number;
}

/** The options of a process with a relay. */
export interface RelayProcessOptions {
  readonly database: DatabaseAddress;
  /** By which the lease shows who holds it. */
  readonly life: string;
  readonly leaseMs: number;
  /** File for a line twice a second: the time in milliseconds since 1970, and the resident memory in bytes. */
  readonly memory?: string;
}
