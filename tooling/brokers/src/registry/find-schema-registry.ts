import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { classArchive } from '../jvm/class-archive.js';
import { findJava } from '../jvm/find-java.js';
import { mavenFiles } from '../jvm/maven-files.js';
import { climb, type Rung } from '../ladder/climb.js';
import { dockerImage } from '../ladder/docker-image.js';
import { lastLines } from '../process/last-lines.js';
import { run } from '../process/run.js';
import { askSchemaRegistry } from './ask-schema-registry.js';
import type { FoundSchemaRegistry } from './found-schema-registry.js';
import { schemaRegistryLaunch } from './schema-registry-launch.js';
import { type SchemaRegistryOptions, wantsOwnRegistry } from './schema-registry-options.js';

/** Names the registry of tests that need no control over it. */
export const schemaRegistryVariable = 'TEST_SCHEMA_REGISTRY_URL';

const version = '2.6.13.Final';
const title = `Apicurio Registry ${version}`;

/** By what was asked for: looking takes a moment, and three seconds where a Docker engine hangs. */
const looked = new Map<string, Promise<FoundSchemaRegistry>>();

/**
 * Climbs the ladder, once for the same question: environment, Docker, a release that Maven downloads.
 * @throws {BrokerUnavailableError} when no rung holds
 */
export function findSchemaRegistry(options: SchemaRegistryOptions): Promise<FoundSchemaRegistry> {
  const question = `${wantsOwnRegistry(options) || process.env[schemaRegistryVariable]}`;
  const found =
    looked.get(question) ?? climb('schema registry', [environmentRung(options), dockerRung, releaseRung]);
  looked.set(question, found);
  return found;
}

function environmentRung(options: SchemaRegistryOptions): Rung<FoundSchemaRegistry> {
  return rung(schemaRegistryVariable, async () => {
    const url = process.env[schemaRegistryVariable]?.replace(/\/+$/, '');
    if (url === undefined || url === '') return 'not set';
    if (wantsOwnRegistry(options)) return 'passed over: a registry of its own is asked for';
    const answer = await askSchemaRegistry(url, 5000);
    if (answer === undefined) return `${new URL(url).host} does not list its subjects within 5 s`;
    return { chosen: 'environment', url, what: `the registry that ${schemaRegistryVariable} names` };
  });
}

const dockerRung = rung('Docker', async () => {
  const image = `apicurio/apicurio-registry-mem:${version}`;
  const complaint = await dockerImage(image);
  return complaint ?? { chosen: 'docker', image, what: `${image} in Docker` };
});

const releaseRung = rung('Maven', async () => {
  const java = await findJava();
  if (typeof java === 'string') return java;
  const release = `io.apicurio:apicurio-registry-app:${version}:tar.gz:all`;
  const files = await mavenFiles(`apicurio-registry-${version}`, `${title}, 142 MB`, [release], unpack);
  if (typeof files === 'string') return files;
  const jar = readdirSync(files.folder).find((file) => file.endsWith('-runner.jar'));
  if (jar === undefined) return `there is no runner in ${files.folder}: delete that folder`;
  const what = `${title} from .cache on Java ${java.version}`;
  const path = join(files.folder, jar);
  const found = { chosen: 'package', java: java.command, jar: path, what, jvmOptions: [] } as const;
  const jvmOptions = await classArchive(`apicurio-registry-${version}`, java, (options) =>
    schemaRegistryLaunch({ ...found, jvmOptions: options }, {}),
  );
  return { ...found, jvmOptions };
});

async function unpack(folder: string): Promise<string | undefined> {
  for (const archive of readdirSync(folder)) {
    const { code, output } = await run('tar', ['-xzf', archive], { cwd: folder, timeoutMs: 120_000 });
    if (code !== 0) return `tar cannot unpack ${archive}: ${lastLines(output, 1)}`;
    rmSync(join(folder, archive));
  }
  return undefined;
}

function rung(name: string, find: () => Promise<FoundSchemaRegistry | string>): Rung<FoundSchemaRegistry> {
  return { name, find };
}
