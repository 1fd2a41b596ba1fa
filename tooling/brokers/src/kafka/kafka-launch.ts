import { testCertificates } from '../certificates/test-certificates.js';
import { dockerContainer } from '../process/docker-container.js';
import { freePort } from '../process/free-port.js';
import type { ServerControl } from '../process/server-control.js';
import type { ServerLaunch } from '../server/server-launch.js';
import { untilAnswer } from '../server/until-answer.js';
import { askKafka } from './ask-kafka.js';
import { formatArguments, newClusterId } from './format-storage.js';
import type { FoundKafka } from './found-kafka.js';
import { kafkaConfig } from './kafka-config.js';
import { type KafkaPorts, listenersOf } from './kafka-listeners.js';
import { type KafkaOptions, wantsCertificates } from './kafka-options.js';
import { kafkaProcess, quickJvm } from './kafka-process.js';

/** A broker that has not answered for so long has failed. */
const patienceMs = 60_000;

const heap = ['-Xms64m', '-Xmx512m'];

/** A broker on ports that were free a moment ago. */
export interface KafkaLaunch extends ServerLaunch {
  readonly port: number;
  readonly ports: KafkaPorts;
}

/** Prepares a broker on free ports. */
export async function kafkaLaunch(
  found: Exclude<FoundKafka, { chosen: 'environment' }>,
  options: KafkaOptions,
): Promise<KafkaLaunch> {
  const ports = new Map(
    await Promise.all(listenersOf(options).map(async (listener) => [listener, await freePort()] as const)),
  );
  const certificates = wantsCertificates(options) ? await testCertificates() : undefined;
  const clusterId = newClusterId();
  const config = (bind: string, folder: string) =>
    kafkaConfig(options, { bind, ports, folder }, certificates);
  const control =
    found.chosen === 'docker'
      ? inDocker(found.image, options, ports, clusterId, config)
      : await kafkaProcess(found, {
          clusterId,
          nodeId: 1,
          config: (folder) => config('127.0.0.1', folder),
          jvmOptions: [...heap, ...(options.jvmOptions ?? [])],
          ...(options.users && { users: options.users }),
        });
  const port = ports.get('direct') ?? 0;
  const answers = async () => {
    const metadata = await askKafka({ host: '127.0.0.1', port }, 1000);
    // A stranger that was quicker to take the port has another cluster.
    return metadata?.clusterId === clusterId && metadata.brokers.length > 0;
  };
  return { port, ports, control, ready: () => untilAnswer('Kafka', control, answers, patienceMs) };
}

type ConfigFor = (bind: string, folder: string) => string;

function inDocker(
  image: string,
  { users, jvmOptions = [] }: KafkaOptions,
  ports: KafkaPorts,
  clusterId: string,
  config: ConfigFor,
): ServerControl {
  const file = '/tmp/server.properties';
  const format = formatArguments(clusterId, file, users).map((arg) => `'${arg}'`);
  const steps = [
    `export KAFKA_HEAP_OPTS='${heap.join(' ')}' KAFKA_OPTS='${[...quickJvm, ...jvmOptions].join(' ')}'`,
    `/opt/kafka/bin/kafka-storage.sh ${format.join(' ')}`,
    `exec /opt/kafka/bin/kafka-server-start.sh ${file}`,
  ];
  return dockerContainer({
    image,
    command: ['sh', '-c', steps.join(' && ')],
    ports: Object.fromEntries([...ports.values()].map((port) => [port, port])),
    files: { [file]: config('0.0.0.0', '/tmp/kafka-for-tests') },
  });
}
