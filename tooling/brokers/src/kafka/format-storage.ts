import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { classPath } from '../jvm/class-path.js';
import { lastLines } from '../process/last-lines.js';
import { run } from '../process/run.js';
import { kafkaConfig } from './kafka-config.js';

const formatted = 'formatted';

/** An id as Kafka makes them, of a cluster or a folder: 16 bytes, as text that does not look like an option. */
export function newClusterId(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return bytes.toString('base64url');
}

/** Arguments of Kafka's tool that formats a storage folder. */
export function formatArguments(
  clusterId: string,
  config: string,
  users: Readonly<Record<string, string>> = {},
): string[] {
  const scram = Object.entries(users).flatMap(([name, password]) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${name},password=${password}]`,
    ]),
  );
  return ['format', '--ignore-formatted', '-t', clusterId, '-c', config, ...scram];
}

/**
 * Runs that tool.
 * @returns why it cannot
 */
export async function formatWith(
  java: string,
  jars: string,
  args: readonly string[],
): Promise<string | undefined> {
  const program = ['-XX:TieredStopAtLevel=1', '-cp', classPath(jars), 'kafka.tools.StorageTool'];
  const { code, output } = await run(java, [...program, ...args], { timeoutMs: 60_000 });
  return code === 0 ? undefined : `Kafka cannot format its storage: ${lastLines(output, 1)}`;
}

/**
 * Formats a storage folder beside the jars: a new broker gets a copy and saves itself one start of Java.
 * @returns why it cannot
 */
export async function formatStorage(java: string, jars: string): Promise<string | undefined> {
  const ports = new Map([
    ['direct', 1],
    ['controller', 2],
  ] as const);
  const config = join(jars, 'format.properties');
  writeFileSync(config, kafkaConfig({}, { bind: '127.0.0.1', ports, folder: join(jars, formatted) }));
  const complaint = await formatWith(java, jars, formatArguments(newClusterId(), config));
  rmSync(config);
  return complaint;
}

/** Makes the storage folder of a new node from that copy. */
export function newStorage(
  jars: string,
  folder: string,
  { clusterId, nodeId }: { readonly clusterId: string; readonly nodeId: number },
): void {
  mkdirSync(folder);
  const from = (file: string) => join(jars, formatted, file);
  copyFileSync(from('bootstrap.checkpoint'), join(folder, 'bootstrap.checkpoint'));
  const meta = readFileSync(from('meta.properties'), 'utf8')
    .replace(/^cluster\.id=.*$/m, `cluster.id=${clusterId}`)
    .replace(/^node\.id=.*$/m, `node.id=${nodeId}`)
    .replace(/^directory\.id=.*$/m, `directory.id=${newClusterId()}`);
  writeFileSync(join(folder, 'meta.properties'), meta);
}
