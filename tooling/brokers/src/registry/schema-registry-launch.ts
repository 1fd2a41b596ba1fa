import { join } from 'node:path';
import { dockerContainer } from '../process/docker-container.js';
import { freePort } from '../process/free-port.js';
import type { ServerControl } from '../process/server-control.js';
import { serverProcess } from '../process/server-process.js';
import { dataFolder } from '../server/data-folder.js';
import type { ServerLaunch } from '../server/server-launch.js';
import { untilAnswer } from '../server/until-answer.js';
import { askSchemaRegistry } from './ask-schema-registry.js';
import type { FoundRegistryRelease, FoundSchemaRegistry } from './found-schema-registry.js';
import type { SchemaRegistryOptions } from './schema-registry-options.js';

/** Its first start on a machine reads 140 MB of jars. */
const patienceMs = 90_000;

/** By this header we know it from a stranger that was quicker to take the port. */
const nameHeader = 'x-test-server';

/** A registry on a port that was free a moment ago. */
export interface SchemaRegistryLaunch extends ServerLaunch {
  readonly port: number;
  readonly url: string;
}

/** Prepares a registry on a free port. */
export async function schemaRegistryLaunch(
  found: Exclude<FoundSchemaRegistry, { chosen: 'environment' }>,
  options: SchemaRegistryOptions,
): Promise<SchemaRegistryLaunch> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  const name = crypto.randomUUID();
  const control =
    found.chosen === 'docker'
      ? inDocker(found.image, options, port)
      : await onJava(found, options, port, name);
  const answers = async () => {
    const headers = await askSchemaRegistry(url, 1000);
    return headers !== undefined && (found.chosen === 'docker' || headers.get(nameHeader) === name);
  };
  return { port, url, control, ready: () => untilAnswer('schema registry', control, answers, patienceMs) };
}

async function onJava(
  { java, jar, jvmOptions }: FoundRegistryRelease,
  options: SchemaRegistryOptions,
  port: number,
  name: string,
): Promise<ServerControl> {
  const folder = await dataFolder('registry');
  const properties = [
    'quarkus.http.host=127.0.0.1',
    `quarkus.http.port=${port}`,
    `quarkus.http.header."${nameHeader}".value=${name}`,
    ...settings(folder, options),
  ];
  // It compiles itself lightly: most of its life is its start.
  const jvm = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', ...jvmOptions];
  const args = [...jvm, ...properties.map((property) => `-D${property}`), '-jar', jar];
  return serverProcess({ command: java, args, env: { LOG_LEVEL: 'WARN' }, folder, patienceMs: 60_000 });
}

function inDocker(image: string, options: SchemaRegistryOptions, port: number): ServerControl {
  const properties = settings('/tmp', options);
  return dockerContainer({
    image,
    command: [],
    ports: { [port]: 8080 },
    files: {},
    env: { JAVA_OPTIONS: properties.map((property) => `-D${property}`).join(' '), LOG_LEVEL: 'WARN' },
  });
}

/** The storage for memory, in a file that is written at once. */
function settings(folder: string, { config = [] }: SchemaRegistryOptions): string[] {
  return [
    `quarkus.datasource.jdbc.url=jdbc:h2:file:${join(folder, 'registry')};WRITE_DELAY=0`,
    'registry.ccompat.legacy-id-mode.enabled=false',
    ...config,
  ];
}
