import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerContainer } from '../process/docker-container.js';
import { freePort } from '../process/free-port.js';
import type { ServerControl } from '../process/server-control.js';
import { serverProcess } from '../process/server-process.js';
import type { ServerLaunch } from '../server/server-launch.js';
import { untilAnswer } from '../server/until-answer.js';
import { askKafka } from './ask-kafka.js';
import type { FoundKafka } from './find-kafka.js';
import { newClusterId, newStorage } from './format-storage.js';
import { kafkaConfig } from './kafka-config.js';
import type { KafkaOptions } from './kafka-options.js';

/** A broker that has not answered for so long has failed. */
const patienceMs = 60_000;

const heap = '-Xms64m -Xmx512m -XX:+UseSerialGC';

/** A broker on ports that were free a moment ago. */
export interface KafkaLaunch extends ServerLaunch {
  readonly port: number;
  /** Of the listener for a proxy. */
  readonly advertisedPort: number;
}

/** Prepares a broker on free ports. */
export async function kafkaLaunch(
  found: Exclude<FoundKafka, { chosen: 'environment' }>,
  options: KafkaOptions,
): Promise<KafkaLaunch> {
  const ports = { client: await freePort(), controller: await freePort(), advertised: await freePort() };
  const clusterId = newClusterId();
  const launched =
    found.chosen === 'docker'
      ? inDocker(found.image, options, ports, clusterId)
      : await onJava(found, options, ports, clusterId);
  const address = { host: '127.0.0.1', port: ports.client };
  const answers = async () => {
    const metadata = await askKafka(address, 1000);
    // A stranger that was quicker to take the port has another cluster.
    return metadata?.clusterId === clusterId && metadata.brokers > 0;
  };
  return {
    port: ports.client,
    advertisedPort: options.advertised ? ports.advertised : ports.client,
    control: launched,
    ready: () => untilAnswer('Kafka', launched, answers, patienceMs),
  };
}

type Ports = { readonly client: number; readonly controller: number; readonly advertised: number };

async function onJava(
  { java, jars }: Extract<FoundKafka, { chosen: 'package' }>,
  options: KafkaOptions,
  ports: Ports,
  clusterId: string,
): Promise<ServerControl> {
  const folder = await mkdtemp(join(tmpdir(), 'openedx-ts-kafka-'));
  const data = join(folder, 'data');
  newStorage(jars, data, clusterId);
  const file = join(folder, 'server.properties');
  await writeFile(file, kafkaConfig(options, { bind: '127.0.0.1', ports, folder: data }));
  const logging = join(folder, 'log4j.properties');
  await writeFile(logging, log4j);
  // The one is for Kafka 4, the other for 3.9.
  const settings = ['-Dlog4j2.level=WARN', `-Dlog4j.configuration=file:${logging}`];
  const args = [...heap.split(' '), ...settings, '-cp', join(jars, '*'), 'kafka.Kafka', file];
  return serverProcess({ command: java, args, folder });
}

function inDocker(image: string, options: KafkaOptions, ports: Ports, clusterId: string): ServerControl {
  const file = '/tmp/server.properties';
  const storage = `/opt/kafka/bin/kafka-storage.sh format --ignore-formatted -t ${clusterId} -c ${file}`;
  const server = `/opt/kafka/bin/kafka-server-start.sh ${file}`;
  const config = kafkaConfig(options, { bind: '0.0.0.0', ports, folder: '/tmp/kafka-for-tests' });
  return dockerContainer({
    image,
    command: ['sh', '-c', `export KAFKA_HEAP_OPTS='${heap}'; ${storage} && exec ${server}`],
    ports: { [ports.client]: ports.client, [ports.advertised]: ports.advertised },
    files: { [file]: config },
  });
}

const log4j = `log4j.rootLogger=WARN, stdout
log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.PatternLayout
log4j.appender.stdout.layout.ConversionPattern=[%d] %p %m (%c)%n
`;
