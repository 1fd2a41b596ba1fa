import type { Environment } from '@openedx-ts/events-core';
import type { ConsumerProcessOptions, ProducerProcessOptions } from './process-options.js';

/** What to start. */
export type BusProcessCommand = {
  /** Its name in the books. */
  readonly life: string;
  readonly env: Environment;
  /** The folder of a built clone whose packages it uses; otherwise those of this one. */
  readonly clone?: string | undefined;
} & (
  | { readonly is: 'producer'; readonly options: ProducerProcessOptions }
  | { readonly is: 'consumer'; readonly options: ConsumerProcessOptions }
);

/** How a process ended: `0`, `1`, `SIGKILL`. */
export type ProcessEnd = number | NodeJS.Signals;

/** A producer or a consumer, and what can be done to it. */
export interface BusProcess {
  readonly life: string;
  /** How it ended; undefined while it runs. */
  readonly end: ProcessEnd | undefined;
  /** The end of its stderr. */
  readonly stderr: string;
  /** SIGSTOP. */
  freeze(): void;
  /** SIGCONT. */
  unfreeze(): void;
  /** SIGKILL, and waits for its end. */
  kill(): Promise<void>;
  /** SIGTERM, and waits for its end; one that does not end in time is killed. */
  terminate(): Promise<void>;
}
