/** What a process of the console's measurement does. Addresses are empty where the bus does not need them. */
export interface ConsoleTask {
  readonly bus: 'memory' | 'redis' | 'kafka';
  readonly redisUrl: string;
  readonly bootstrapServers: string;
  readonly registryUrl: string;
  /** `large`: a topic of a million events; `live`: 200 events a second. */
  readonly kind: 'large' | 'live';
}

/** What the process answers once its console is served. */
export interface ConsoleStarted {
  /** The console's address. */
  readonly url: string;
  /** The ids of some events of the large topic, from its start to its end. */
  readonly ids: readonly string[];
}

/** The answer to the message `heap`, after a collection of garbage. */
export interface ConsoleHeap {
  readonly heapBytes: number;
  /** Events sent so far. */
  readonly sent: number;
}

/** The topic of both kinds, without prefix. */
export const consoleTopic = 'enrollments';

/** How many events the large topic holds. */
export const largeEvents = 1_000_000;
