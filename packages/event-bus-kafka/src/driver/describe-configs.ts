import type { KafkajsCluster } from './kafkajs-cluster.js';

/** Reads the configuration of a topic, or with a node id of that broker, by setting. */
export async function describeConfigs(
  cluster: KafkajsCluster,
  of: string | number,
): Promise<ReadonlyMap<string, string>> {
  const isTopic = typeof of === 'string';
  const broker = await (isTopic ? cluster.findConnectedBroker() : cluster.findBroker({ nodeId: String(of) }));
  const { resources } = await broker.describeConfigs({
    resources: [{ type: isTopic ? TOPIC : BROKER, name: String(of) }],
    includeSynonyms: false,
  });
  const entries = resources[0]?.configEntries ?? [];
  return new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
}

/** Numbers of resources that have a configuration. */
const TOPIC = 2;
const BROKER = 4;
