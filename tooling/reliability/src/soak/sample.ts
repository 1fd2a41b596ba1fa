import type { Moment } from '../journal/journal-line.js';

/** What a process holds at a moment: bytes, and how many of what. */
export interface Sample {
  readonly at: Moment;
  /** After a collection. */
  readonly heapUsed: number;
  readonly external: number;
  readonly arrayBuffers: number;
  readonly rss: number;
  /** By name: `handles X` keep the event loop alive, `listeners of X`. */
  readonly counts: Readonly<Record<string, number>>;
  /** By name, what is in the heap, in some samples: `objects X`, timers that keep nothing alive among them. */
  readonly objects?: Readonly<Record<string, number>>;
}

/** Where and how often a process says what it holds. */
export interface Sampling {
  readonly file: string;
  readonly everyMs: number;
}
