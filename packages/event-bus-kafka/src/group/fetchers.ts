import { InfrastructureError } from '@openedx-ts/events-core';
import { backOff, backoffMs, runtime } from '@openedx-ts/events-core/bus';
import type { FetchedPartition } from '../driver/fetched-partition.js';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import { LeaderlessError } from '../driver/leaderless-error.js';
import { errorName } from '../driver/protocol/error-names.js';
import type { DecodeLimits } from '../driver/protocol/record-batch.js';
import type { ResolvedKafkaConsumerOptions } from '../options/kafka-consumer-options.js';
import type { AssignedPartitions } from './assigned-partitions.js';
import type { Bell } from './bell.js';
import type { Lane } from './lane.js';
import { laneName } from './lane-name.js';
import { UnreadableBatches } from './unreadable-batches.js';

export interface FetchersOptions extends DecodeLimits {
  readonly driver: KafkaDriver;
  readonly lanes: AssignedPartitions;
  readonly bell: Bell;
  readonly maxWaitMs: number;
  readonly maxBytes: number;
  readonly onUndecodableBatch: ResolvedKafkaConsumerOptions['onUndecodableBatch'];
  readonly stopSignal: AbortSignal;
  /** Called with the failure of a broker or a partition, and with undefined once it has ended. */
  readonly onFailure: (what: string, error: Error | undefined) => void;
  /** Called with an error that no waiting helps against. */
  readonly onFatal: (error: unknown) => void;
  /** Called when the metadata were read again. */
  readonly onMetadata: () => void;
  /** Called when the next event of a lane was deleted. */
  readonly onOutOfRange: (lane: Lane) => Promise<void>;
}

/** A broker that takes so much longer than a fetch may wait could be gone: its partitions may have other leaders. */
const SLOW_MS = 1_000;

/** The wait of a fetch while some partitions have no room: they will soon have some. */
const SHORT_WAIT_MS = 50;

/** Fetches what the lanes have room for: one loop for each node that leads some of them. */
export class Fetchers {
  readonly #options: FetchersOptions;
  readonly #running = new Map<number, Promise<void>>();
  /** Nodes whose last fetch failed. */
  readonly #failing = new Set<number>();
  readonly #unreadable: UnreadableBatches;
  #refreshedAt = Number.NEGATIVE_INFINITY;

  constructor(options: FetchersOptions) {
    this.#options = options;
    this.#unreadable = new UnreadableBatches(options.onUndecodableBatch);
  }

  /** Starts a loop for each broker that leads a lane; to be called when lanes or their leaders have changed. */
  update(): void {
    for (const lane of this.#options.lanes.all) {
      if (!lane.isOpen) continue; // its failures are those of whoever has it next
      const nodeId = this.#leaderOf(lane);
      if (nodeId === -1)
        this.#options.onFailure(lane.name, new LeaderlessError(lane.fullTopic, lane.partition));
      if (nodeId === -1 || this.#running.has(nodeId)) continue;
      const running = this.#run(nodeId).finally(() => this.#running.delete(nodeId));
      this.#running.set(nodeId, running);
    }
    this.#options.bell.ring();
  }

  /** Whether some partition is not fetched because it has no leader. */
  get isWaiting(): boolean {
    return this.#options.lanes.all.some((lane) => !this.#running.has(this.#leaderOf(lane)));
  }

  /** Whether some node answers, so that events of its partitions go on. */
  get isReading(): boolean {
    return [...this.#running.keys()].some((nodeId) => !this.#failing.has(nodeId));
  }

  /** Resolves when all loops have ended, after the stop signal. */
  async ended(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  async #run(nodeId: number): Promise<void> {
    const { stopSignal, onFatal, onFailure } = this.#options;
    const what = `node ${nodeId}`;
    for (let failed = 0; !stopSignal.aborted && this.#leads(nodeId); ) {
      try {
        if (await this.#fetchOnce(nodeId)) {
          failed = 0;
          this.#failing.delete(nodeId);
          onFailure(what, undefined);
        }
      } catch (error) {
        if (stopSignal.aborted) break;
        if (!(error instanceof InfrastructureError)) {
          onFatal(error);
          break;
        }
        failed += 1;
        this.#failing.add(nodeId);
        if (failed > 1) onFailure(what, error); // leaders move now and then
        await backOff(failed, backoff, stopSignal);
        await this.#refresh();
      }
    }
    this.#failing.delete(nodeId);
    onFailure(what, undefined);
  }

  /** @returns whether a request was sent */
  async #fetchOnce(nodeId: number): Promise<boolean> {
    const { driver, lanes, bell, maxWaitMs, stopSignal, onFailure } = this.#options;
    const { rings } = bell;
    const { positions, isComplete } = lanes.toFetch((lane) => this.#leaderOf(lane) === nodeId);
    if (positions.length === 0) {
      await bell.wait(rings, stopSignal);
      return false;
    }
    const wanted = new Map(
      positions.map((position) => [lanes.get(laneName(position.topic, position.partition)), position.offset]),
    );
    const { maxBytes, maxBatchBytes, maxRecordBytes = Infinity } = this.#options;
    const limits = { maxBytes, maxBatchBytes, maxRecordBytes };
    const waitMs = isComplete ? maxWaitMs : Math.min(maxWaitMs, SHORT_WAIT_MS);
    const fetched = await this.#refreshWhileSlow(
      waitMs,
      driver.fetch(nodeId, positions, { ...limits, maxWaitMs: waitMs }),
    );
    for (const partition of fetched) {
      const lane = lanes.get(laneName(partition.topic, partition.partition));
      const offset = wanted.get(lane);
      if (lane?.isOpen !== true || offset === undefined) continue; // the partition was released
      const problem = await this.#accept(lane, offset, partition);
      if (problem !== undefined) this.#defer(lane);
      onFailure(lane.name, problem);
    }
    return true;
  }

  /** A frozen broker answers nothing until it is cut; by then its partitions have been led by others for long. */
  async #refreshWhileSlow<T>(waitMs: number, fetching: Promise<T>): Promise<T> {
    const answered = new AbortController();
    const refreshing = (async () => {
      const { clock } = runtime();
      for (let waited = waitMs; ; waited = 0) {
        await clock.sleep(waited + SLOW_MS, answered.signal);
        if (answered.signal.aborted) return;
        await this.#refresh();
      }
    })();
    try {
      return await fetching;
    } finally {
      answered.abort();
      void refreshing;
    }
  }

  /** Fetches from a lane again later, and perhaps from another broker; the other lanes go on. */
  #defer(lane: Lane): void {
    const { bell, stopSignal } = this.#options;
    const { clock, random } = runtime();
    const delayMs = lane.defer((failed) => backoffMs(failed, backoff, random));
    void clock.sleep(delayMs, stopSignal).then(async () => {
      lane.isDeferred = false;
      await this.#refresh();
      bell.ring();
    });
  }

  async #accept(lane: Lane, offset: number, fetched: FetchedPartition): Promise<Error | undefined> {
    const { errorCode, unreadable, records, nextOffset, highWatermark } = fetched;
    if (errorCode === OFFSET_OUT_OF_RANGE) {
      if (lane.isOpen && lane.fetchOffset === offset) await this.#options.onOutOfRange(lane);
      return undefined;
    }
    if (errorCode !== 0) {
      const reason = reasons[errorCode] ?? errorName(errorCode);
      return new InfrastructureError(`${lane.name} cannot be read: Kafka: ${reason}`);
    }
    lane.highWatermark = highWatermark;
    if (unreadable === undefined || nextOffset !== undefined) lane.add(offset, records, nextOffset);
    const isCurrent = lane.isOpen && lane.fetchOffset === Math.max(offset, nextOffset ?? offset);
    const failure =
      unreadable !== undefined && isCurrent
        ? this.#unreadable.accept(lane, unreadable, highWatermark)
        : undefined;
    if (lane.hasNext) this.#options.bell.ring();
    return failure;
  }

  /** Metadata that was just read is not read again: many partitions of a topic may fail at once. */
  async #refresh(): Promise<void> {
    const now = runtime().clock.monotonic();
    if (now - this.#refreshedAt < FRESH_MS) return;
    this.#refreshedAt = now;
    try {
      await this.#options.driver.refreshMetadata();
      this.update();
    } catch {
      // the next fetch fails as well, and is reported
    }
    this.#options.onMetadata();
  }

  #leads(nodeId: number): boolean {
    return this.#options.lanes.all.some((lane) => this.#leaderOf(lane) === nodeId);
  }

  #leaderOf({ fullTopic, partition }: Lane): number {
    const partitions = this.#options.driver.partitionsOf(fullTopic);
    return partitions.find((one) => one.partition === partition)?.leader ?? -1;
  }
}

const OFFSET_OUT_OF_RANGE = 1;
const FRESH_MS = 50;

const backoff = { initialMs: 50, maxMs: 2_000 };

/** Errors that need more words than their name. */
const reasons: Readonly<Record<number, string | undefined>> = {
  3: 'UNKNOWN_TOPIC_OR_PARTITION: the topic was deleted, or is being created',
  29: 'TOPIC_AUTHORIZATION_FAILED: have an ACL added for this user',
  100: 'UNKNOWN_TOPIC_ID: the topic was deleted, or deleted and created again',
};
