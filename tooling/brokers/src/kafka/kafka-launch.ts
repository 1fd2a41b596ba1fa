import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testCertificates } from '../certificates/test-certificates.js';
import { classPath } from '../jvm/class-path.js';
import { BrokerFailedError } from '../ladder/broker-failed-error.js';
import { dockerContainer } from '../process/docker-container.js';
import { freePort } from '../process/free-port.js';
import type { ServerControl } from '../process/server-control.js';
import { serverProcess } from '../process/server-process.js';
import { dataFolder } from '../server/data-folder.js';
import type { ServerLaunch } from '../server/server-launch.js';
import { untilAnswer } from '../server/until-answer.js';
import { askKafka } from './ask-kafka.js';
import { formatArguments, formatWith, newClusterId, newStorage } from './format-storage.js';
import type { FoundKafka, FoundKafkaJars } from './found-kafka.js';
import { kafkaConfig } from './kafka-config.js';
import { type KafkaPorts, listenersOf } from './kafka-listeners.js';
import { type KafkaOptions, wantsCertificates } from './kafka-options.js';

/** A broker that has not answered for so long has failed. */
const patienceMs = 60_000;

const heap = ['-Xms64m', '-Xmx512m', '-XX:+UseSerialGC'];

/** Compiled lightly: a third less work until it is up, and quick enough for what tests send. */
const quickly = ['-XX:TieredStopAtLevel=1'];

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
      : await onJava(found, options, clusterId, config);
  const port = ports.get('direct') ?? 0;
  const answers = async () => {
    const metadata = await askKafka({ host: '127.0.0.1', port }, 1000);
    // A stranger that was quicker to take the port has another cluster.
    return metadata?.clusterId === clusterId && metadata.brokers > 0;
  };
  return { port, ports, control, ready: () => untilAnswer('Kafka', control, answers, patienceMs) };
}

type ConfigFor = (bind: string, folder: string) => string;

async function onJava(
  { java, jars, jvmOptions }: FoundKafkaJars,
  options: KafkaOptions,
  clusterId: string,
  config: ConfigFor,
): Promise<ServerControl> {
  const folder = await dataFolder('kafka');
  const file = join(folder, 'server.properties');
  const logging = join(folder, 'log4j.properties');
  // The one is for Kafka 4, the other for 3.9.
  const settings = ['-Dlog4j2.level=WARN', `-Dlog4j.configuration=file:${logging}`];
  const jvm = [...heap, ...quickly, ...settings, ...jvmOptions, ...(options.jvmOptions ?? [])];
  const args = [...jvm, '-cp', classPath(jars), 'kafka.Kafka', file];
  const control = serverProcess({ command: java, args, folder, patienceMs: 60_000 });

  const data = join(folder, 'data');
  await writeFile(file, config('127.0.0.1', data));
  await writeFile(logging, log4j);
  const { users } = options;
  if (users === undefined) newStorage(jars, data, clusterId);
  else {
    const complaint = await formatWith(java, jars, formatArguments(clusterId, file, users));
    if (complaint !== undefined) {
      await control.remove();
      throw new BrokerFailedError('Kafka', 'cannot be prepared', complaint);
    }
  }
  return control;
}

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
    `export KAFKA_HEAP_OPTS='${heap.join(' ')}' KAFKA_OPTS='${[...quickly, ...jvmOptions].join(' ')}'`,
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

const log4j = `log4j.rootLogger=WARN, stdout
log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.PatternLayout
log4j.appender.stdout.layout.ConversionPattern=[%d] %p %m (%c)%n
`;
