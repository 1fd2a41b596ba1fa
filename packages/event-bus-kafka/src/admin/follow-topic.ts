import { InfrastructureError } from '@openedx-ts/events-core';
import { formatLaneCursor, runtime } from '@openedx-ts/events-core/bus';
import type { FollowedMessages } from '@openedx-ts/events-core/operate';
import type { FetchedPartition } from '../driver/fetched-partition.js';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import { errorName } from '../driver/protocol/error-names.js';
import type { FetchedRecord } from '../driver/protocol/record-batch.js';
import { groupBy } from '../runtime/group-by.js';
import { storedMessageOf } from './stored-message-of.js';

/**
 * Yields the records of a topic as they are stored, whether it exists yet or not.
 *
 * @param driver is used for nothing else, because a fetch blocks; it is closed when the signal fires
 * @param from the offset of each partition; others are read from their start. Undefined for the end of the topic
 * @throws InfrastructureError when the cluster cannot be reached
 */
export async function* followTopic(
  driver: KafkaDriver,
  fullTopic: string,
  from: ReadonlyMap<number, number> | undefined,
  abortSignal: AbortSignal,
): AsyncGenerator<FollowedMessages, void> {
  const close = () => driver.close();
  abortSignal.addEventListener('abort', close, { once: true });
  try {
    if (abortSignal.aborted) return;
    await driver.connect();
    const follower = new TopicFollower(driver, fullTopic, from);
    while (!abortSignal.aborted) yield* follower.poll(abortSignal);
  } catch (error) {
    if (!abortSignal.aborted) throw error;
  } finally {
    abortSignal.removeEventListener('abort', close);
  }
}

/** How long a fetch waits for records, and how long to wait for a topic, a leader or a retry, in milliseconds. */
const WAIT_MS = 250;
/** How often to look for new partitions and leaders, in milliseconds. */
const REFRESH_MS = 30_000;
const FETCH_BYTES = 1_048_576;
const MAX_PAGE = 1_000;
/** Fetches in a row that a partition may refuse, as while its leader changes. */
const MAX_REFUSALS = 40;

class TopicFollower {
  readonly #driver: KafkaDriver;
  readonly #fullTopic: string;
  /** The offset that is fetched next, by partition; undefined until the topic was looked at. */
  #next: Map<number, number> | undefined;
  #refreshAt = -Infinity;
  #refusals = 0;

  constructor(driver: KafkaDriver, fullTopic: string, from: ReadonlyMap<number, number> | undefined) {
    this.#driver = driver;
    this.#fullTopic = fullTopic;
    this.#next = from === undefined ? undefined : new Map(from);
  }

  async *poll(abortSignal: AbortSignal): AsyncGenerator<FollowedMessages, void> {
    const { clock } = runtime();
    if (clock.monotonic() >= this.#refreshAt) await this.#refresh();
    const led = this.#driver.partitionsOf(this.#fullTopic).filter(({ leader }) => leader !== -1);
    if (led.length === 0) {
      this.#refreshAt = -Infinity;
      return clock.sleep(WAIT_MS, abortSignal);
    }
    const byLeader = groupBy(led, ({ leader }) => leader);
    const fetches = Array.from(byLeader, ([leader, partitions]) => this.#fetch(leader, partitions));
    const fetched = (await Promise.all(fetches)).flat();
    const refused = fetched.filter(({ errorCode }) => errorCode !== 0);
    yield* this.#pages(fetched.filter(({ errorCode }) => errorCode === 0));
    this.#refusals = refused.length === 0 ? 0 : this.#refusals + 1;
    for (const one of refused) await this.#refused(one);
    if (refused.length > 0) await clock.sleep(WAIT_MS, abortSignal);
  }

  async #refresh(): Promise<void> {
    const described = await this.#driver.describeTopic(this.#fullTopic);
    await this.#driver.refreshMetadata(); // so that its leaders can be asked
    if (this.#next === undefined) {
      const partitions = described?.partitions.map(({ partition }) => partition) ?? [];
      this.#next = new Map(await this.#driver.listOffsets(this.#fullTopic, partitions, 'latest'));
    }
    this.#refreshAt = runtime().clock.monotonic() + REFRESH_MS;
  }

  #fetch(leader: number, partitions: readonly { readonly partition: number }[]) {
    const positions = partitions.map(({ partition }) => ({
      topic: this.#fullTopic,
      partition,
      offset: this.#next?.get(partition) ?? 0,
      maxBytes: FETCH_BYTES,
    }));
    const limits = { maxWaitMs: WAIT_MS, maxBytes: FETCH_BYTES, maxRecordBytes: 8 * FETCH_BYTES };
    return this.#driver.fetch(leader, positions, limits);
  }

  *#pages(fetched: readonly FetchedPartition[]): Generator<FollowedMessages, void> {
    for (const { partition, records, nextOffset, unreadable } of fetched) {
      for (let index = 0; index < records.length; index += MAX_PAGE)
        yield this.#page(partition, records.slice(index, index + MAX_PAGE));
      const behindUnreadable = unreadable === undefined ? 0 : this.#skip(partition, unreadable.lastOffset);
      this.#advance(partition, Math.max(nextOffset ?? 0, behindUnreadable));
    }
  }

  #page(partition: number, records: readonly FetchedRecord[]): FollowedMessages {
    this.#advance(partition, (records.at(-1)?.offset ?? -1) + 1);
    const messages = records.map((record) => storedMessageOf(this.#fullTopic, partition, record));
    return { messages, next: formatLaneCursor(this.#next ?? new Map()) };
  }

  #advance(partition: number, offset: number): void {
    if (offset > (this.#next?.get(partition) ?? 0)) this.#next?.set(partition, offset);
  }

  /** A batch that cannot be read is left out. @returns the offset behind it */
  #skip(partition: number, lastOffset: number): number {
    runtime().logger.warn(
      { topic: this.#fullTopic, partition, lastOffset },
      'Records cannot be read and are not shown: their batch is damaged, or packed in a way that is not supported.',
    );
    return lastOffset + 1;
  }

  async #refused({ partition, errorCode }: FetchedPartition): Promise<void> {
    const name = errorName(errorCode);
    if (name === 'OFFSET_OUT_OF_RANGE') {
      // The broker deleted what comes next, or the topic was created anew.
      const first = await this.#driver.listOffsets(this.#fullTopic, [partition], 'earliest');
      this.#next?.set(partition, first.get(partition) ?? 0);
      return;
    }
    this.#refreshAt = -Infinity;
    if (this.#refusals < MAX_REFUSALS) return;
    throw new InfrastructureError(`${this.#fullTopic}/${partition} cannot be read: ${name}`);
  }
}
