import { InfrastructureError } from '@openedx-ts/events-core';
import { reasonOf } from '@openedx-ts/events-core/bus';
import type { Assignment } from '../driver/consumer-protocol.js';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import type { MemberFailures } from './member-failures.js';
import { ownAssignment } from './own-assignment.js';
import type { StartOffsets } from './start-offsets.js';

export interface SubscribedTopicsOptions {
  readonly driver: KafkaDriver;
  /** With prefix. */
  readonly fullTopics: readonly string[];
  /** Topics that are read once they exist, and not missed until then. */
  readonly retryTopics: readonly string[];
  readonly startOffsets: Pick<StartOffsets, 'awaitTopic'>;
  readonly failures: Pick<MemberFailures, 'setPart'>;
}

/**
 * The topics of a member: those that exist are subscribed to, those that do not, or that Kafka refuses, are reported and
 * waited for. Such a topic, or an assignment that is partly wrong, does not keep the others from being read.
 */
export class SubscribedTopics {
  readonly #options: SubscribedTopicsOptions;
  /** Why a topic cannot be subscribed to. */
  readonly #missing = new Map<string, Error>();
  /** Retry topics that existed when last looked. */
  #retried: readonly string[] = [];
  #assigned: Assignment | undefined;
  #problem: string | undefined;

  constructor(options: SubscribedTopicsOptions) {
    this.#options = options;
  }

  /** Those that existed when last looked. */
  get existing(): readonly string[] {
    const { fullTopics } = this.#options;
    return [...fullTopics.filter((fullTopic) => !this.#missing.has(fullTopic)), ...this.#retried];
  }

  /** Whether a topic is waited for, or a part of the assignment cannot be read yet. */
  get isWaiting(): boolean {
    return this.#missing.size > 0 || this.#problem !== undefined;
  }

  /** How many partitions the topics have that exist, as of the last refresh of the metadata. */
  get partitionCount(): number {
    return this.existing.reduce(
      (sum, fullTopic) => sum + this.#options.driver.partitionsOf(fullTopic).length,
      0,
    );
  }

  /**
   * Finds out which of the topics exist.
   *
   * @throws InfrastructureError when none of them does
   */
  async look(): Promise<void> {
    const { driver, fullTopics, startOffsets, failures } = this.#options;
    for (const fullTopic of fullTopics) {
      const found = await driver.hasTopic(fullTopic);
      if (found === false) startOffsets.awaitTopic(fullTopic);
      if (found === true) this.#missing.delete(fullTopic);
      else this.#missing.set(fullTopic, found === false ? missingTopic(fullTopic) : found);
    }
    const isNone = this.#missing.size === fullTopics.length;
    for (const fullTopic of fullTopics)
      failures.setPart(`topic ${fullTopic}`, isNone ? undefined : this.#missing.get(fullTopic));
    if (!isNone) return this.#lookForRetryTopics();
    throw new InfrastructureError([...this.#missing.values()].map(reasonOf).join('; '));
  }

  /** Whether a retry topic exists by now that did not. */
  async hasNewRetryTopic(): Promise<boolean> {
    const awaited = this.#options.retryTopics.filter((name) => !this.#retried.includes(name));
    return (await this.#options.driver.readTopics(awaited)).size > 0;
  }

  /** One that Kafka refuses counts as missing: no redrive uses it then. */
  async #lookForRetryTopics(): Promise<void> {
    const { driver, retryTopics } = this.#options;
    const found = await driver.readTopics(retryTopics);
    const existing: string[] = [];
    for (const name of found.keys()) if ((await driver.hasTopic(name)) === true) existing.push(name);
    this.#retried = existing;
  }

  /** What of an assignment can be read; the rest is reported. @param assigned undefined for what cannot be decoded */
  async accept(assigned: Assignment | undefined): Promise<Assignment> {
    const { driver, failures } = this.#options;
    let own = this.#own(assigned);
    if (own.problem !== undefined) {
      await driver.refreshMetadata(); // the leader may know partitions that were added since
      own = this.#own(assigned);
    }
    this.#assigned = assigned;
    this.#problem = own.problem;
    const error = own.problem === undefined ? undefined : new InfrastructureError(own.problem);
    failures.setPart('assignment', error);
    return own.assignment;
  }

  /** Whether a topic exists by now that was missing, or more of the assignment can be read. */
  async hasMore(): Promise<boolean> {
    if (this.#missing.size > 0) {
      const found = await this.#options.driver.readTopics([...this.#missing.keys()]);
      if (found.size > 0) return true;
    }
    return this.#problem !== undefined && this.#own(this.#assigned).problem !== this.#problem;
  }

  #own(assigned: Assignment | undefined) {
    return ownAssignment(assigned, this.existing, (fullTopic) =>
      this.#options.driver.partitionsOf(fullTopic),
    );
  }
}

function missingTopic(fullTopic: string): InfrastructureError {
  return new InfrastructureError(
    `topic ${fullTopic} does not exist yet: events arrive once it is made, or check the topic and EVENT_BUS_TOPIC_PREFIX`,
  );
}
