import type { Sampling } from '../soak/sample.js';
import type { ReceiverTask } from './receiver-task.js';

/** The options of a producer process. */
export interface ProducerProcessOptions {
  readonly journal: string;
  readonly topic: string;
  /** How many events to send. */
  readonly events: number;
  /** How many of them wait for the bus at once. */
  readonly inFlight: number;
  /** How many are sent in a second; otherwise as fast as it goes. */
  readonly perSecond?: number | undefined;
  /** Its events have these keys in turn; no other producer may use them. */
  readonly keys: readonly string[];
  /** After so many events each of its keys is a new one, as in a service whose users come and go. */
  readonly renewKeysEvery?: number;
  readonly sampling?: Sampling;
}

/** The options of a consumer process. */
export interface ConsumerProcessOptions {
  readonly journal: string;
  readonly topic: string;
  readonly groupId: string;
  /** Further options of the consumer, the bus's own among them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly task: ReceiverTask;
  readonly sampling?: Sampling;
  /** File for the turns of the event loop that take long, see `watchTurns`. */
  readonly turns?: string;
}

/** The options from the command line of this process. */
export function processOptions<Options>(): Options {
  return JSON.parse(process.argv[2] ?? '') as Options;
}
