import { errorName } from './protocol/error-names.js';
import type { ClusterMetadata, TopicMetadata } from './protocol/metadata.js';
import { ProtocolError } from './protocol/protocol-error.js';

/**
 * The topics that a client asks about, with their metadata as of the last refresh. Those that it was asked to describe may
 * be any that an operator names, so those that were described last are kept.
 */
export class TopicDirectory {
  readonly #names = new Set<string>();
  /** The topics that were described, the latest last. */
  readonly #described = new Set<string>();
  readonly #found = new Map<string, TopicMetadata>();
  readonly #errors = new Map<string, number>();
  #brokers: ClusterMetadata['brokers'] = [];

  /** The full names of the topics to ask about. */
  get names(): readonly string[] {
    return [...new Set([...this.#names, ...this.#described])];
  }

  get brokers(): ClusterMetadata['brokers'] {
    return this.#brokers;
  }

  /** Adds a topic to those that the next refresh asks about. */
  add(fullTopic: string): void {
    this.#names.add(fullTopic);
  }

  /** Adds a topic for as long as it is among the 10,000 that were described last. */
  addDescribed(fullTopic: string): void {
    this.#described.delete(fullTopic);
    this.#described.add(fullTopic);
    for (const oldest of this.#described) {
      if (this.#described.size <= MAX_DESCRIBED) return;
      this.#described.delete(oldest);
      this.#forget(oldest);
    }
  }

  /** Keeps an answer. A topic that has an error keeps its last metadata, so that requests to it go on failing. */
  update({ brokers, topics }: ClusterMetadata): void {
    this.#brokers = brokers;
    for (const metadata of topics) {
      this.#errors.set(metadata.topic, metadata.errorCode);
      if (metadata.errorCode === 0) this.#found.set(metadata.topic, metadata);
    }
    // Answers may have come for topics that were dropped since they were asked about.
    if (this.#errors.size < this.#names.size + 2 * MAX_DESCRIBED) return;
    for (const topic of this.#errors.keys()) this.#forget(topic);
  }

  /** The metadata of a topic; undefined while it was never found. */
  get(fullTopic: string): TopicMetadata | undefined {
    return this.#found.get(fullTopic);
  }

  /** Whether a refresh has asked about a topic. */
  isKnown(fullTopic: string): boolean {
    return this.#errors.has(fullTopic);
  }

  /** Whether the last refresh found a topic without an error. */
  isFound(fullTopic: string): boolean {
    return this.#errors.get(fullTopic) === 0;
  }

  /**
   * Whether the last refresh reported that a topic does not exist, or cannot exist because of its name.
   *
   * @throws ProtocolError when it has another error
   */
  isMissing(fullTopic: string): boolean {
    const errorCode = this.#errors.get(fullTopic) ?? UNKNOWN_TOPIC;
    if (missing.has(errorName(errorCode))) return true;
    ProtocolError.throwIf(errorCode);
    return false;
  }

  /** Forgets a topic that is not asked about. */
  #forget(fullTopic: string): void {
    if (this.#names.has(fullTopic) || this.#described.has(fullTopic)) return;
    this.#found.delete(fullTopic);
    this.#errors.delete(fullTopic);
  }
}

/** More than an operator looks at together: the console describes all topics of events at once. */
const MAX_DESCRIBED = 10_000;
const UNKNOWN_TOPIC = 3;
const missing: ReadonlySet<string> = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_TOPIC_EXCEPTION']);
