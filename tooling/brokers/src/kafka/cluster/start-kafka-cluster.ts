import { BrokerFailedError } from '../../ladder/broker-failed-error.js';
import { climb } from '../../ladder/climb.js';
import { freePort } from '../../process/free-port.js';
import type { ServerControl } from '../../process/server-control.js';
import { announced } from '../../server/announced.js';
import { untilAnswer } from '../../server/until-answer.js';
import { askKafka } from '../ask-kafka.js';
import { newClusterId } from '../format-storage.js';
import type { FoundKafkaJars } from '../found-kafka.js';
import { kafkaConfig } from '../kafka-config.js';
import { kafkaJars } from '../kafka-jars.js';
import { kafkaProcess } from '../kafka-process.js';
import { ClusterAdmin } from './cluster-admin.js';
import type { KafkaCluster, KafkaNode } from './kafka-cluster.js';
import type { KafkaClusterOptions } from './kafka-cluster-options.js';

/**
 * Starts a real Kafka cluster on free ports of 127.0.0.1 and waits until its nodes know each other. Each node is broker and
 * controller, with a small heap. Its nodes end with this process at the latest. It is always the caller's own: jars that
 * Maven downloads are the only way to one.
 *
 * Topics are created by tests alone, with the replicas they name. A dead broker is noticed after 2 s
 * (`broker.session.timeout.ms`), one that was the active controller after up to 3 s more, unless `config` says otherwise.
 * @throws {BrokerUnavailableError} when there is no Kafka on this machine
 * @throws {BrokerFailedError} when a node does not come up
 */
export function startKafkaCluster(options: KafkaClusterOptions = {}): Promise<KafkaCluster> {
  return announced(
    'Kafka cluster',
    () => findKafkaCluster(options),
    (found) => start(found, options),
  );
}

/** @throws {BrokerUnavailableError} when there is no Kafka on this machine */
export function findKafkaCluster({ edition = 'kafka-4' }: KafkaClusterOptions): Promise<FoundKafkaJars> {
  return climb('Kafka cluster', [{ name: 'Maven', find: () => kafkaJars(edition) }]);
}

/** Heaps in which a node has room for what a test of a minute sends. */
const heap = ['-Xms64m', '-Xmx256m'];

/** A node that has not answered for so long has failed. */
const PATIENCE_MS = 60_000;

/** Another process may take a port between our asking and a node's binding. */
const PORT_ATTEMPTS = 5;

async function start(found: FoundKafkaJars, options: KafkaClusterOptions): Promise<KafkaCluster> {
  for (let attempt = 1; ; attempt += 1) {
    const launches = await launchesOf(found, options);
    try {
      await Promise.all(launches.map(({ control }) => control.start()));
      await Promise.all(launches.map(({ ready }) => ready(launches.length)));
      const cluster = clusterOf(launches);
      await cluster.coordinatorOf('first'); // creates the topic of offsets, so that groups need not wait for it
      return cluster;
    } catch (error) {
      await Promise.all(launches.map(({ control }) => control.remove()));
      const portTaken = error instanceof BrokerFailedError && /in use/i.test(error.logTail);
      if (attempt === PORT_ATTEMPTS || !portTaken) throw error;
    }
  }
}

interface NodeLaunch {
  readonly id: number;
  readonly port: number;
  readonly control: ServerControl;
  /** Waits until the node serves, and knows so many nodes that do. */
  ready(nodes: number): Promise<void>;
}

async function launchesOf(found: FoundKafkaJars, options: KafkaClusterOptions): Promise<NodeLaunch[]> {
  const { nodes = 3, config = [], jvmOptions = [] } = options;
  const clusterId = newClusterId();
  const ids = Array.from({ length: nodes }, (_, index) => index + 1);
  const ports = new Map<number, { direct: number; controller: number }>();
  for (const id of ids) ports.set(id, { direct: await freePort(), controller: await freePort() });
  const controllers = new Map([...ports].map(([id, { controller }]) => [id, controller]));
  return Promise.all(
    [...ports].map(async ([id, { direct: port, controller }]) => {
      const place = {
        bind: '127.0.0.1',
        ports: new Map([['direct', port] as const, ['controller', controller] as const]),
        node: { id, controllers },
      };
      const control = await kafkaProcess(found, {
        clusterId,
        nodeId: id,
        jvmOptions: [...heap, ...jvmOptions],
        config: (folder) => kafkaConfig({ autoCreateTopics: false, config }, { ...place, folder }),
      });
      const ready = (known: number) => {
        const answers = async () => {
          const metadata = await askKafka({ host: '127.0.0.1', port }, 1000);
          if (metadata?.clusterId !== clusterId) return false;
          return metadata.brokers.includes(id) && metadata.brokers.length >= known;
        };
        return untilAnswer(`Kafka node ${id}`, control, answers, PATIENCE_MS);
      };
      return { id, port, control, ready };
    }),
  );
}

function clusterOf(launches: readonly NodeLaunch[]): KafkaCluster {
  const answering = new Set(launches.map(({ id }) => id));
  const nodes = launches.map((launch) => nodeOf(launch, answering));
  const admin = new ClusterAdmin(() => nodes.filter(({ id }) => answering.has(id)));
  return Object.freeze({
    bootstrapServers: nodes.map(({ bootstrapServers }) => bootstrapServers).join(','),
    nodes,
    node(id: number) {
      const found = nodes.find((node) => node.id === id);
      if (found === undefined) throw new Error(`the cluster has no node ${id}`);
      return found;
    },
    createTopic: admin.createTopic.bind(admin),
    deleteTopic: admin.deleteTopic.bind(admin),
    addPartitions: admin.addPartitions.bind(admin),
    reassign: admin.reassign.bind(admin),
    moveLeader: admin.moveLeader.bind(admin),
    partitions: admin.partitions.bind(admin),
    untilPartitions: admin.untilPartitions.bind(admin),
    untilInSync: admin.untilInSync.bind(admin),
    coordinatorOf: admin.coordinatorOf.bind(admin),
    async [Symbol.asyncDispose]() {
      await Promise.all(launches.map(({ control }) => control.remove()));
    },
  });
}

/** @param answering ids of the nodes that can be asked; kept as the node's life goes */
function nodeOf({ id, port, control, ready }: NodeLaunch, answering: Set<number>): KafkaNode {
  const silent = async (end: () => Promise<void>) => {
    answering.delete(id);
    await end();
  };
  const start = async () => {
    await control.start();
    await ready(1);
    answering.add(id);
  };
  return Object.freeze({
    id,
    host: '127.0.0.1',
    port,
    bootstrapServers: `127.0.0.1:${port}`,
    chosen: 'package' as const,
    start,
    stop: () => silent(control.stop),
    async restart() {
      await silent(control.stop);
      await start();
    },
    kill: () => silent(control.kill),
    freeze: () => silent(control.freeze),
    async unfreeze() {
      await control.unfreeze();
      await ready(1);
      answering.add(id);
    },
    [Symbol.asyncDispose]: () => silent(control.remove),
  });
}
