import { runtime } from '@openedx-ts/events-core/bus';
import type { GroupCoordinator } from '../driver/group-coordinator.js';
import type { KafkaDriver } from '../driver/kafka-driver.js';

/** Who starts to read. */
export interface NewGroup {
  readonly driver: Pick<KafkaDriver, 'listOffsetsByPartition'>;
  readonly coordinator: Pick<GroupCoordinator, 'groupId'>;
}

/**
 * A new group and one whose position was lost look alike: logs how many events the group skips.
 *
 * @param offsets where the group starts, by partition
 */
export async function reportSkipped(
  { driver, coordinator: { groupId } }: NewGroup,
  fullTopic: string,
  offsets: ReadonlyMap<number, number>,
): Promise<void> {
  const first = await driver.listOffsetsByPartition(fullTopic, [...offsets.keys()], 'earliest');
  const skipped = [...offsets].map(([partition, offset]) =>
    Math.max(0, offset - (first.offsets.get(partition) ?? offset)),
  );
  const count = skipped.reduce((sum, one) => sum + one, 0);
  if (count === 0) return;
  runtime().logger.warn(
    { topic: fullTopic, groupId, count },
    "The group has no position on this topic, and starts behind events that are stored there. If it had one, the topic was deleted and created again, or the position has expired: move the group back with 'openedx-events replay'.",
  );
}
