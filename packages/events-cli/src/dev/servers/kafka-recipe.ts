import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';
import type { ServerRecipe } from './server-recipe.js';

/** One node of Kafka 3.7 or newer, broker and controller, which creates topics at their first use. */
export const kafkaRecipe: ServerRecipe = {
  title: 'Kafka',
  variable: 'EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS',
  example: 'localhost:9092',
  image: 'apache/kafka:4.1.2',
  containerPort: 9092,
  inDocker: (port) => ({ options: environmentOptions(settings('0.0.0.0', 9092, 9093, port)), args: [] }),
  programs: ['kafka-server-start.sh', 'kafka-server-start'],
  onPath: async (program, { port, folder, env }) => {
    const file = join(folder, 'server.properties');
    const all = { ...settings('127.0.0.1', port, await freePort(), port), 'log.dirs': join(folder, 'data') };
    const lines = Object.entries(all).map(([name, value]) => `${name}=${value.replaceAll('\\', '/')}\n`);
    await writeFile(file, lines.join(''));
    const format = program.replace('kafka-server-start', 'kafka-storage');
    await promisify(execFile)(format, ['format', '-t', clusterId(), '-c', file], { env: { ...env } });
    return [file];
  },
  // ApiVersions, version 0, with a correlation id and without the name of a client.
  request: Uint8Array.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]),
};

function settings(bind: string, port: number, controllerPort: number, advertisedPort: number) {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@localhost:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    listeners: `PLAINTEXT://${bind}:${port},CONTROLLER://localhost:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://localhost:${advertisedPort}`,
    'num.partitions': '3',
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
  };
}

/** As the image reads them: `node.id` is `KAFKA_NODE_ID`. */
function environmentOptions(all: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(all).flatMap(([name, value]) => [
    '--env',
    `KAFKA_${name.toUpperCase().replaceAll('.', '_')}=${value}`,
  ]);
}

/** Sixteen bytes as text that does not look like an option. */
function clusterId(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return bytes.toString('base64url');
}
