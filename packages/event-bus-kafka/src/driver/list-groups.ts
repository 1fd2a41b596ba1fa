import type { KafkajsBroker } from './kafkajs-broker.js';

/** Lists the consumer groups that a broker coordinates, and groups without a protocol, which only commit offsets. */
export async function listGroups(broker: KafkajsBroker): Promise<readonly string[]> {
  const { groups } = await broker.listGroups();
  return groups
    .filter(({ protocolType }) => protocolType === 'consumer' || protocolType === '')
    .map(({ groupId }) => groupId);
}
