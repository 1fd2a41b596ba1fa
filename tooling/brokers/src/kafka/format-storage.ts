import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines } from '../process/last-lines.js';
import { run } from '../process/run.js';
import { kafkaConfig } from './kafka-config.js';

const formatted = 'formatted';

/** A cluster's id as Kafka makes them: 16 bytes, as text that does not look like an option. */
export function newClusterId(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return bytes.toString('base64url');
}

/**
 * Formats a storage folder beside the jars: a new broker gets a copy and saves itself one start of Java.
 * @returns why it cannot
 */
export async function formatStorage(java: string, jars: string): Promise<string | undefined> {
  const place = { bind: '127.0.0.1', ports: { client: 1, controller: 2, advertised: 3 } };
  const config = join(jars, 'format.properties');
  writeFileSync(config, kafkaConfig({}, { ...place, folder: join(jars, formatted) }));
  const args = [
    '-cp',
    join(jars, '*'),
    'kafka.tools.StorageTool',
    'format',
    '-t',
    newClusterId(),
    '-c',
    config,
  ];
  const { code, output } = await run(java, args, { timeoutMs: 60_000 });
  rmSync(config);
  return code === 0 ? undefined : `Kafka cannot format its storage: ${lastLines(output, 1)}`;
}

/** Makes the storage folder of a new broker. */
export function newStorage(jars: string, folder: string, clusterId: string): void {
  mkdirSync(folder);
  const from = (file: string) => join(jars, formatted, file);
  copyFileSync(from('bootstrap.checkpoint'), join(folder, 'bootstrap.checkpoint'));
  const meta = readFileSync(from('meta.properties'), 'utf8');
  writeFileSync(
    join(folder, 'meta.properties'),
    meta.replace(/^cluster\.id=.*$/m, `cluster.id=${clusterId}`),
  );
}
