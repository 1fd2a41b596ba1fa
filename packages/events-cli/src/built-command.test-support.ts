import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { build } from 'tsup';

const home = join(import.meta.dirname, '..');

/** The command as a process of its own. */
export interface BuiltCommand {
  /** Starts it with the bus of the sources as `EVENT_BUS`. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): RunningCommand;
}

/** A command that runs. */
export interface RunningCommand {
  readonly child: ChildProcessWithoutNullStreams;
  /** What it has written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Its exit code, or the signal that ended it, once all of its output was read. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/**
 * Bundles the command with all it needs, from the sources as they are now: a process of its own cannot read those.
 */
export async function builtCommand(bus: 'redis' | 'kafka'): Promise<BuiltCommand> {
  const outDir = join(home, '.cache', `with-${bus}`);
  await build({
    config: false,
    entry: {
      main: join(home, 'src/main.ts'),
      bus: join(home, `../event-bus-${bus}/src/index.ts`),
    },
    outDir,
    format: 'esm',
    target: 'node20',
    noExternal: [/.*/],
    silent: true,
    esbuildOptions(options) {
      options.conditions = ['@openedx-ts/source'];
      options.logLevel = 'error';
    },
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
  });
  return {
    start(args, env = {}) {
      const child = spawn(process.execPath, [join(outDir, 'main.js'), ...args], {
        cwd: home,
        env: { PATH: process.env.PATH, EVENT_BUS: join(outDir, 'bus.js'), ...env },
      });
      const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)];
      const ended = once(child, 'close').then(
        ([code, signal]) => (code ?? signal) as number | NodeJS.Signals,
      );
      return { child, stdout, stderr, ended };
    },
  };
}

function textOf(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
