import type { Rig } from './rig.js';

/** A fault that is done to a bus under load. */
export interface Scenario {
  /** Its number in the list of faults of `README.md`. */
  readonly fault: `F${number}`;
  readonly name: string;
  /** What is done, in a sentence. */
  readonly title: string;
  /** Names of the buses on which it makes sense. */
  readonly buses: readonly string[];
  /** Whether the events of a key must be handled in order, on buses that keep it only when asked to, too. */
  readonly inOrder?: boolean;
  /** Whether no event may be taken up twice: nothing dies in it. */
  readonly takesUpOnce?: boolean;
  /** Whether no event may be handled twice, although one that is retried is taken up more than once. */
  readonly handlesOnce?: boolean;
  /** Whether what is done with an inbox may not be done twice. */
  readonly hasEffectOnce?: boolean;
  /** Whether some of its processes use another version of the packages. */
  readonly needsOtherVersion?: boolean;
  /** Whether it needs brokers of several servers, and so the flag `--cluster`. */
  readonly needsCluster?: boolean;
  /** Whether what is done to servers is planned, so that nothing may be lost and no outcome be unknown. */
  readonly isPlanned?: boolean;
  /** Whether clients go through a proxy. */
  readonly isProxied?: boolean;
  /** How long nothing may happen before a run is abandoned. @defaultValue 20000 */
  readonly patienceMs?: number;
  readonly sizes: Readonly<Record<'test' | SizeName, ScenarioSize>>;
  /** Does it, and returns when all events have been handled or nothing moves any more. */
  run(rig: Rig, size: ScenarioSize): Promise<void>;
}

/** Sizes that the command runs; `test` is for `npm test`, `short` for `npm run test:full`. */
export type SizeName = 'short' | 'full';

/** How much of it. */
export interface ScenarioSize {
  readonly events: number;
  readonly faults: number;
  /** How long each of them takes, where that is not the same in every size. */
  readonly faultMs?: number;
  /** The consumers' option, where that is not the same in every size. */
  readonly maxDeliveries?: number;
}
