import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCaptured } from '../setup/run-captured.mjs';
import type { PageSection } from './page-section.js';
import { type StartedProcess, startProcess } from './started-process.js';

/** Terminals of somebody who follows a page: what one exports, the later ones export too, as the page asks. */
export class Terminals implements AsyncDisposable {
  /** Where the next command runs. */
  folder: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #replaced: ReadonlyMap<string, string>;
  readonly #exports: string[] = [];
  readonly #running: StartedProcess[] = [];

  /** @param replaced what stands on the page, and what this machine has in its place, such as an address */
  constructor(
    folder: string,
    env: Readonly<Record<string, string>>,
    replaced: ReadonlyMap<string, string> = new Map(),
  ) {
    mkdirSync(folder, { recursive: true });
    const { VITEST: _, VITEST_WORKER_ID: __, NODE_ENV: ___, ...inherited } = process.env;
    this.folder = folder;
    this.#env = { ...(inherited as Record<string, string>), ...env };
    this.#replaced = replaced;
  }

  /** Writes a file of the page. */
  write(section: PageSection, name: string): void {
    const text = section.files.get(name);
    if (text === undefined) throw new Error(`the page has no file ${name}`);
    writeFileSync(join(this.folder, name), text);
  }

  /** Runs a block of commands, up to the first that fails. Resolves with its exit code and all that it printed. */
  async run(block: string | undefined): Promise<{ readonly code: number; readonly output: string }> {
    const script = this.#scriptOf(block);
    const { code, output } = await runCaptured('sh', ['-ec', script], { cwd: this.folder, env: this.#env });
    return { code, output };
  }

  /** Starts a block whose last command runs until it is interrupted. */
  start(block: string | undefined): StartedProcess {
    const started = startProcess(this.folder, ['-ec', this.#scriptOf(block)], this.#env, 'sh');
    this.#running.push(started);
    return started;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const one of this.#running) await one.kill();
  }

  #scriptOf(block: string | undefined): string {
    if (block === undefined) throw new Error('the page has no such block of commands');
    let printed = block;
    for (const [from, to] of this.#replaced) printed = printed.replaceAll(from, to);
    const script = [...this.#exports, printed].join('\n');
    this.#exports.push(...printed.split('\n').filter((line) => line.startsWith('export ')));
    return script;
  }
}
