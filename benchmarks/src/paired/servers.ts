/** The servers of a comparison, and the topic that holds the events to consume. */
export interface Servers {
  readonly redisUrl: string;
  readonly bootstrapServers: string;
  readonly registryUrl: string;
}

/** A topic of this name holds `filledEvents` events on Redis and on Kafka. */
export const filledTopic = 'filled';

/** How many events a round consumes. */
export const filledEvents = 50_000;
