import type { KafkajsCluster } from './kafkajs-cluster.js';

/** A topic to create. */
export interface NewTopic {
  readonly fullTopic: string;
  readonly config: ReadonlyMap<string, string>;
  /** @defaultValue as many as brokers give by default */
  readonly partitions?: number | undefined;
}

/** Creates a topic with as many replicas as brokers give by default. */
export async function createTopic(
  cluster: KafkajsCluster,
  { fullTopic, config, partitions }: NewTopic,
): Promise<void> {
  const controller = await cluster.findControllerBroker();
  const configEntries = Array.from(config, ([name, value]) => ({ name, value }));
  const topic = { topic: fullTopic, configEntries };
  await controller.createTopics({
    topics: [partitions === undefined ? topic : { ...topic, numPartitions: partitions }],
  });
}
