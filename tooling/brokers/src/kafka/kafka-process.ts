import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { classPath } from '../jvm/class-path.js';
import { BrokerFailedError } from '../ladder/broker-failed-error.js';
import type { ServerControl } from '../process/server-control.js';
import { serverProcess } from '../process/server-process.js';
import { dataFolder } from '../server/data-folder.js';
import { formatArguments, formatWith, newStorage } from './format-storage.js';
import type { FoundKafkaJars } from './found-kafka.js';

/** Options of Java: compiled lightly, which is a third less work until it is up, and quick enough for what tests send. */
export const quickJvm: readonly string[] = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** One node of a cluster. */
export interface KafkaNodeSetup {
  readonly clusterId: string;
  readonly nodeId: number;
  /** The text of server.properties, for a folder of data. */
  readonly config: (folder: string) => string;
  /** Further options of Java; they come last. */
  readonly jvmOptions: readonly string[];
  /** Passwords by name, for SCRAM. */
  readonly users?: Readonly<Record<string, string>>;
}

/**
 * Prepares a node as a process of Java, with its data in a folder of its own.
 * @throws {BrokerFailedError} when its storage cannot be formatted
 */
export async function kafkaProcess(
  { java, jars, jvmOptions }: FoundKafkaJars,
  { clusterId, nodeId, config, jvmOptions: more, users }: KafkaNodeSetup,
): Promise<ServerControl> {
  const folder = await dataFolder('kafka');
  const file = join(folder, 'server.properties');
  const logging = join(folder, 'log4j.properties');
  // The one is for Kafka 4, the other for 3.9.
  const settings = ['-Dlog4j2.level=WARN', `-Dlog4j.configuration=file:${logging}`];
  const args = [
    ...quickJvm,
    ...settings,
    ...jvmOptions,
    ...more,
    '-cp',
    classPath(jars),
    'kafka.Kafka',
    file,
  ];
  const control = serverProcess({ command: java, args, folder, patienceMs: 60_000 });

  const data = join(folder, 'data');
  await writeFile(file, config(data));
  await writeFile(logging, log4j);
  if (users === undefined) newStorage(jars, data, { clusterId, nodeId });
  else {
    const complaint = await formatWith(java, jars, formatArguments(clusterId, file, users));
    if (complaint !== undefined) {
      await control.remove();
      throw new BrokerFailedError('Kafka', 'cannot be prepared', complaint);
    }
  }
  return control;
}

const log4j = `log4j.rootLogger=WARN, stdout
log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.PatternLayout
log4j.appender.stdout.layout.ConversionPattern=[%d] %p %m (%c)%n
`;
