import type { Servers } from '../paired/servers.js';

/** What a process of its own does, to show what it costs. */
export type ScaleTask = { readonly servers: Pick<Servers, 'bootstrapServers' | 'registryUrl'> } & (
  | {
      readonly kind: 'consumers';
      readonly topics: readonly string[];
      /** Members of one group, each of which reads all topics. */
      readonly members: number;
    }
  | { readonly kind: 'producers'; readonly topic: string; readonly producers: number }
  | { readonly kind: 'events'; readonly topic: string; readonly events: number }
);

/** What it cost. A task gives only the figures that it has. */
export interface ScaleFigures {
  /** Until all consumers are in a stable group, or all producers have sent an event. */
  readonly startMs?: number;
  /** From the start of one more member until the group is stable again. */
  readonly rebalanceMs?: number;
  /** Growth of the resident memory, after collecting garbage. */
  readonly memoryBytes?: number;
  /** CPU time while nothing happens, in microseconds a second. */
  readonly idleCpu?: number;
  /** Longest time for which the event loop was held up. */
  readonly stallMs?: number;
  /** Open sockets. */
  readonly connections?: number;
  /** CPU time of all events, in microseconds. */
  readonly produceCpu?: number;
  readonly consumeCpu?: number;
}
