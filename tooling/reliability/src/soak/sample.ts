import type { Moment } from '../journal/journal-line.js';

/** What a process has held, at the least, since the sample before: bytes, and how many of what. */
export interface Sample {
  readonly at: Moment;
  /** After the collection that left the least; the other bytes are those of that moment. */
  readonly heapUsed: number;
  readonly external: number;
  readonly arrayBuffers: number;
  readonly rss: number;
  /** By name: `handles X` keep the event loop alive, `listeners of X`. */
  readonly counts: Readonly<Record<string, number>>;
  /** By name, what is in the heap, in some samples: `objects X`, timers that keep nothing alive among them. */
  readonly objects?: Readonly<Record<string, number>>;
}

/** Where and how often a process writes samples. */
export interface Sampling {
  readonly file: string;
  readonly everyMs: number;
}
