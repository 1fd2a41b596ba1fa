import { runtime } from '@openedx-ts/events-core/bus';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import type { Lane } from './lane.js';
import { laneName } from './lane-name.js';
import type { Position } from './position.js';

/**
 * Continues a lane at the first event that exists, and reports how many were lost: the next event was deleted before the
 * group had read it, or the topic was created again.
 */
export async function goOnAtBeginning(driver: KafkaDriver, lane: Lane, groupId: string): Promise<void> {
  const { logger, telemetry } = runtime();
  const offsets = await driver.listOffsets(lane.fullTopic, [lane.partition], 'earliest');
  const first = offsets.get(lane.partition) ?? 0;
  const from = lane.fetchOffset;
  const count = first > from ? first - from : null;
  lane.moveTo(first);
  telemetry.record({ type: 'events.lost', lane: lane.name, groupId, count, reason: 'trimmed' });
  logger.error(
    { lane: lane.name, groupId, from, first, count },
    count === null
      ? 'the partition is shorter than this group has read it, as if the topic were created again: reading it from the beginning'
      : 'events were deleted before this group had read them: going on with the first there is',
  );
}

/**
 * Reports that a topic was deleted and created again, and is read from the beginning.
 *
 * @param from the group's position in the topic that was deleted; null where Kafka has deleted it, too
 */
export function reportRecreated(
  { fullTopic, partition, offset }: Pick<Position, 'fullTopic' | 'partition' | 'offset'>,
  groupId: string,
  from: number | null,
): void {
  const { logger, telemetry } = runtime();
  const lane = laneName(fullTopic, partition);
  telemetry.record({ type: 'events.lost', lane, groupId, count: null, reason: 'topic-recreated' });
  logger.error(
    { lane, groupId, from, first: offset },
    'the topic was deleted and created again: reading it from the beginning; what this group had not handled before is lost',
  );
}
