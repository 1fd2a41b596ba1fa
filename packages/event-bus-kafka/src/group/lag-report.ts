import { runtime } from '@openedx-ts/events-core/bus';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import { groupBy } from '../runtime/group-by.js';
import type { AssignedPartitions } from './assigned-partitions.js';
import type { Lane } from './lane.js';

/** How often the lag is reported, and how old the end of a partition may be for that. */
const EVERY_MS = 10_000;

export interface LagReportOptions {
  readonly driver: Pick<KafkaDriver, 'listOffsetsByPartition'>;
  readonly lanes: Pick<AssignedPartitions, 'all'>;
  readonly groupId: string;
}

/**
 * Reports how far the group is behind in each partition, every ten seconds. Fetches return the end of a partition; of one
 * that is not fetched, because it waits or because fetching stands still, the brokers are asked for it.
 */
export class LagReport {
  readonly #options: LagReportOptions;
  #reportedAt = Number.NEGATIVE_INFINITY;

  constructor(options: LagReportOptions) {
    this.#options = options;
  }

  /** Reports when it is due. Never rejects. */
  async whenDue(): Promise<void> {
    const { clock, telemetry } = runtime();
    const now = clock.monotonic();
    if (now - this.#reportedAt < EVERY_MS) return;
    this.#reportedAt = now;
    const { lanes, groupId } = this.#options;
    await this.#askForEnds(lanes.all.filter(({ endKnownAt }) => now - endKnownAt >= EVERY_MS));
    for (const { name, lag = null } of lanes.all) {
      telemetry.record({
        type: 'consumer.lag',
        lane: name,
        groupId,
        lag,
        pending: null,
        distanceToTrim: null,
      });
    }
  }

  async #askForEnds(lanes: readonly Lane[]): Promise<void> {
    const byTopic = groupBy(lanes, ({ fullTopic }) => fullTopic);
    await Promise.all(Array.from(byTopic, ([fullTopic, ofTopic]) => this.#askForEndsOf(fullTopic, ofTopic)));
  }

  async #askForEndsOf(fullTopic: string, lanes: readonly Lane[]): Promise<void> {
    const partitions = lanes.map(({ partition }) => partition);
    try {
      const { offsets } = await this.#options.driver.listOffsetsByPartition(fullTopic, partitions, 'latest');
      for (const lane of lanes) {
        const end = offsets.get(lane.partition);
        if (end !== undefined) lane.highWatermark = end;
      }
    } catch {
      // Heartbeats and fetches notice an unreachable broker, and health reports it.
    }
  }
}
