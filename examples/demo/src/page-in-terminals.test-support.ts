import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '../../..');
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const node = `'${process.execPath}' --conditions=@openedx-ts/source --import '${tsx}'`;

/** The commands of a page of the docs, block by block. */
export function commandsOf(page: string): readonly (readonly string[])[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block.trim().split('\n'));
}

/** A command line that runs in a terminal of its own. */
export interface Terminal {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** Runs a line of a page as a shell does, from the sources instead of the build. */
export function runLine(line: string, env: NodeJS.ProcessEnv): Terminal {
  const fromSources = line
    .replace(/\s#.*$/, '')
    .replace(/^npx openedx-events /, `${node} packages/events-cli/src/main.ts `)
    .replace(/^node (.*)\/dist\/main\.js/, `${node} $1/src/main.ts`);
  const child = spawn('/bin/sh', ['-c', `exec ${fromSources}`], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, ended, stdout: textOf(child.stdout), stderr: textOf(child.stderr) };
}

function textOf(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  return () => text;
}
