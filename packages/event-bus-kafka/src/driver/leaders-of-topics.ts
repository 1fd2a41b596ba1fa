import { TimedMemory } from '../runtime/timed-memory.js';
import type { TopicMetadata } from './protocol/metadata.js';
import { type TopicLeaders, topicLeaders } from './topic-leaders.js';

/**
 * Where the topics of a producer are led, as of at most five minutes ago; of many topics that a program makes up, those that
 * were read last. An error with a topic is the answer for those who wait for it, and is not kept: it may be over a moment
 * later.
 */
export class LeadersOfTopics {
  readonly #known = new TimedMemory<string, TopicLeaders>({
    keepMs: METADATA_MAX_AGE_MS,
    capacity: MAX_TOPICS,
  });
  readonly #reading = new Map<string, Reading>();

  /** Topics whose metadata is being read; no others are asked about, and so none is created that nobody sends to. */
  get beingRead(): readonly string[] {
    return [...this.#reading.keys()];
  }

  /**
   * What is known of a topic, or what a refresh finds.
   *
   * @param refresh asks brokers about the topics that are being read, and hands their answer to `update`
   */
  get(fullTopic: string, refresh: () => Promise<void>): Promise<TopicLeaders> | TopicLeaders {
    const known = this.#known.get(fullTopic);
    if (known !== undefined) return known;
    const before = this.#reading.get(fullTopic);
    if (before?.leaders !== undefined) return before.leaders;
    const reading: Reading = {};
    this.#reading.set(fullTopic, reading); // ahead of the refresh, which asks about it
    reading.leaders = this.#read(reading, refresh).finally(() => this.#reading.delete(fullTopic));
    return reading.leaders;
  }

  /** Reads the metadata of a topic anew when it is used next: what was known of it is wrong. */
  forget(fullTopic: string): void {
    this.#known.delete(fullTopic);
  }

  /** Keeps what brokers answered. */
  update(topics: readonly TopicMetadata[]): void {
    for (const metadata of topics) {
      const { topic, errorCode } = metadata;
      const leaders = topicLeaders(metadata);
      if (errorCode === 0) this.#known.set(topic, leaders);
      const reading = this.#reading.get(topic);
      if (reading !== undefined) reading.found = leaders;
    }
  }

  async #read(reading: Reading, refresh: () => Promise<void>): Promise<TopicLeaders> {
    await refresh();
    if (reading.found === undefined) await refresh(); // that refresh was under way before
    return reading.found ?? { errorCode: UNKNOWN_TOPIC, leaders: [] };
  }
}

interface Reading {
  found?: TopicLeaders;
  leaders?: Promise<TopicLeaders>;
}

const UNKNOWN_TOPIC = 3;
/** How soon added partitions are used; the default of Kafka's clients. */
const METADATA_MAX_AGE_MS = 300_000;
const MAX_TOPICS = 10_000;
