import { classArchive } from '../jvm/class-archive.js';
import { findJava } from '../jvm/find-java.js';
import { mavenFiles } from '../jvm/maven-files.js';
import { formatStorage } from './format-storage.js';
import type { FoundKafkaJars } from './found-kafka.js';
import { kafkaEditions } from './kafka-editions.js';
import { kafkaLaunch } from './kafka-launch.js';
import type { KafkaEdition } from './kafka-options.js';

/** Kafka's jars in the cache, which Maven downloads the first time; or why they cannot be had. */
export async function kafkaJars(edition: KafkaEdition): Promise<FoundKafkaJars | string> {
  const { version, jars } = kafkaEditions[edition];
  const java = await findJava();
  if (typeof java === 'string') return java;
  const files = await mavenFiles(`kafka-${version}`, `Kafka ${version}`, jars, (folder) =>
    formatStorage(java.command, folder),
  );
  if (typeof files === 'string') return files;
  const what = `Kafka ${version} from .cache on Java ${java.version}`;
  const found = { chosen: 'package', java: java.command, jars: files.folder, what, jvmOptions: [] } as const;
  const jvmOptions = await classArchive(`kafka-${version}`, java, (options) =>
    kafkaLaunch({ ...found, jvmOptions: options }, {}),
  );
  return { ...found, jvmOptions };
}
