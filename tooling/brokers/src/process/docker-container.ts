import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrokerFailedError } from '../ladder/broker-failed-error.js';
import { guard } from './guard.js';
import { lastLines } from './last-lines.js';
import { run } from './run.js';
import type { ServerControl } from './server-control.js';

/** What to start. */
export interface ContainerCommand {
  readonly image: string;
  /** Program and arguments inside. */
  readonly command: readonly string[];
  /** Ports of 127.0.0.1, and what they are inside. */
  readonly ports: Readonly<Record<number, number>>;
  /** Files to lay inside: their texts by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A server as a container. It is removed, with its volumes, when this process ends at the latest. */
export function dockerContainer({ image, command, ports, files, env = {} }: ContainerCommand): ServerControl {
  const name = `openedx-ts-${process.pid}-${Object.keys(ports)[0]}`;
  const remove = ['rm', '--force', '--volumes', name];
  const forget = guard({ command: ['docker', ...remove] });
  let created = false;

  const docker = async (...args: string[]) => {
    const { code, stdout, output } = await run('docker', args, { timeoutMs: 60_000 });
    if (code !== 0) throw new BrokerFailedError(image, `docker ${args[0]} fails`, lastLines(output, 10));
    return stdout.trim();
  };
  const isRunning = async () =>
    created && (await docker('inspect', '--format', '{{.State.Running}}', name)) === 'true';
  const ifRunning = async (...args: string[]) => {
    if (await isRunning()) await docker(...args);
  };

  const create = async () => {
    const published = Object.entries(ports).flatMap(([outside, inside]) => [
      '--publish',
      `127.0.0.1:${outside}:${inside}`,
    ]);
    const environment = Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    await docker('create', '--name', name, ...published, ...environment, image, ...command);
    created = true;
    const folder = await mkdtemp(join(tmpdir(), 'openedx-ts-container-'));
    try {
      for (const [path, text] of Object.entries(files)) {
        const here = join(folder, 'file');
        await writeFile(here, text, { mode: 0o644 });
        await docker('cp', here, `${name}:${path}`);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  return Object.freeze({
    async start() {
      if (await isRunning()) throw new Error(`${name} is running already`);
      if (!created) await create();
      await docker('start', name);
    },
    async stop() {
      const frozen = created && (await docker('inspect', '--format', '{{.State.Paused}}', name)) === 'true';
      if (frozen) await docker('unpause', name);
      await ifRunning('stop', '--time', '10', name);
    },
    kill: () => ifRunning('kill', name),
    async freeze() {
      if (!(await isRunning())) throw new Error(`${name} is not running: start it first`);
      await docker('pause', name);
    },
    unfreeze: async () => void (await docker('unpause', name)),
    async remove() {
      if (created) await docker(...remove);
      created = false;
      forget();
    },
    isRunning,
    logTail: async () => {
      const { output } = await run('docker', ['logs', '--tail', '30', name], { timeoutMs: 10_000 });
      return lastLines(output, 30);
    },
  });
}
