import type { KafkaOptions } from './kafka-options.js';

/** Where a broker listens and writes. */
export interface KafkaPlace {
  /** Address to listen on; clients are always sent to 127.0.0.1. */
  readonly bind: string;
  readonly ports: { readonly client: number; readonly controller: number; readonly advertised: number };
  readonly folder: string;
}

/** The text of server.properties: one node, broker and controller in one. */
export function kafkaConfig(options: KafkaOptions, place: KafkaPlace): string {
  const { numPartitions = 4, autoCreateTopics = true, config = [] } = options;
  const { names, listeners, advertised } = listenersOf(options, place);
  const lines = [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${place.ports.controller}`,
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=DIRECT',
    `listeners=${listeners.join(',')}`,
    `advertised.listeners=${advertised.join(',')}`,
    `listener.security.protocol.map=${names.map((name) => `${name}:PLAINTEXT`).join(',')}`,
    `log.dirs=${place.folder.replaceAll('\\', '/')}`,
    `num.partitions=${numPartitions}`,
    `auto.create.topics.enable=${autoCreateTopics}`,
    // Topics of the broker's own, for a single node.
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=5',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=5',
    'share.coordinator.state.topic.replication.factor=1',
    'share.coordinator.state.topic.min.isr=1',
    'share.coordinator.state.topic.num.partitions=5',
    // Tests do not wait, and may use short sessions.
    'group.initial.rebalance.delay.ms=0',
    'group.min.session.timeout.ms=1000',
    // A broker that was killed is let in again when its old session is over: 9 s by default.
    'broker.session.timeout.ms=1000',
    'broker.heartbeat.interval.ms=100',
    // Small.
    'num.network.threads=2',
    'num.io.threads=4',
    'background.threads=2',
    'log.cleaner.dedupe.buffer.size=4194304',
    ...config,
  ];
  return `${lines.join('\n')}\n`;
}

function listenersOf({ advertised }: KafkaOptions, { bind, ports }: KafkaPlace) {
  const all = [
    { name: 'DIRECT', bind, port: ports.client, told: { host: '127.0.0.1', port: ports.client } },
    ...(advertised ? [{ name: 'ADVERTISED', bind, port: ports.advertised, told: advertised }] : []),
    { name: 'CONTROLLER', bind: '127.0.0.1', port: ports.controller, told: undefined },
  ];
  return {
    names: all.map(({ name }) => name),
    listeners: all.map((one) => `${one.name}://${one.bind}:${one.port}`),
    advertised: all.flatMap(({ name, told }) => (told ? [`${name}://${told.host}:${told.port}`] : [])),
  };
}
