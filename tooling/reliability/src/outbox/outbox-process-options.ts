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
  /** Twice a second a line is added to each. */
  readonly memory?: MemoryFiles;
}

/** Files with a line for each sample: the time in milliseconds since 1970, and the bytes. */
export interface MemoryFiles {
  readonly resident: string;
  /** In use, with what was not collected yet. */
  readonly heap: string;
}
