import type { DatabaseAddress } from '../open-database.js';

/** The options of a process with requests. */
export interface RequestProcessOptions {
  readonly database: DatabaseAddress;
  /** Each event goes to all of them. */
  readonly topics: readonly string[];
  readonly perSecond: number;
  /** Keys of this process: the first, and how many. */
  readonly firstKey: number;
  readonly keys: number;
  /** File for a line about each request: when it started, in milliseconds since 1970, and how long it took. */
  readonly log: string;
}
