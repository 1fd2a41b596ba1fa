import type { KafkajsCluster } from './kafkajs-cluster.js';

/** Creates a topic with as many partitions and replicas as brokers give by default. */
export async function createTopic(
  cluster: KafkajsCluster,
  fullTopic: string,
  config: ReadonlyMap<string, string>,
): Promise<void> {
  const controller = await cluster.findControllerBroker();
  const configEntries = Array.from(config, ([name, value]) => ({ name, value }));
  await controller.createTopics({ topics: [{ topic: fullTopic, configEntries }] });
}
