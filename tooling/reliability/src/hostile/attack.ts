import type { SeededRandom } from '../seeded-random.js';

/** One thing that is done to a bus, before a good event is sent. */
export interface Attack {
  /** What is sent or set, in a form from which a test can be written. */
  readonly what: string;
  /** How many records it puts before the good event, where they are so many that handling them takes a while. */
  readonly records?: number;
  /** Rejects when the broker refuses it. */
  start(): Promise<void>;
  /** Takes away what by design stops a bus until an operator removes it, such as a lease without an end. */
  end?(): Promise<void>;
}

/** What knows the attacks on a bus. */
export interface Attacker extends AsyncDisposable {
  next(random: SeededRandom): Attack;
}

/** What is attacked. */
export interface Target {
  readonly topic: string;
  readonly groupIds: readonly string[];
  /** Stops the member of a group, does something while the group is empty, and starts a member. */
  restarted(groupId: string, between: () => Promise<void>): Promise<void>;
  /** The next offset of a group in a partition, on a bus that has such. */
  committed(groupId: string, partition: number): Promise<number>;
}

/** One of several, each as likely as the others. */
export function oneOf<Thing>(random: SeededRandom, things: readonly Thing[]): Thing {
  return things[random.below(things.length)] as Thing;
}
