import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Environment } from '@openedx-ts/events-core';
import type { BusProcess, ProcessEnd } from './bus-process.js';
import { type ProcessName, processScript } from './process-scripts.js';

/** What to start as a process of its own. */
export interface ForkCommand {
  /** Its name in the books. */
  readonly life: string;
  readonly is: ProcessName;
  readonly env: Environment;
  /** The folder of a built clone whose packages it uses; otherwise those of this one. */
  readonly clone?: string | undefined;
  /** In JSON, as the process reads them. With `sampling` it can count what it holds. */
  readonly options: object;
}

/** A process of the rig. It ends with this process at the latest. */
export class ForkedProcess implements BusProcess {
  readonly life: string;
  readonly #child: ChildProcess;
  /** Resolves when it listens to signals, or has ended. */
  readonly #ready: Promise<unknown>;
  readonly #ended: Promise<ProcessEnd>;
  #end: ProcessEnd | undefined;
  #stderr = '';

  constructor({ life, is, env, clone, options }: ForkCommand) {
    this.life = life;
    const script = processScript({ is, env, clone });
    this.#child = fork(script.path, [JSON.stringify(options)], {
      env: { ...process.env, ...script.env },
      execArgv: [
        ...script.execArgv,
        ...('sampling' in options && options.sampling !== undefined ? samplingArguments : []),
      ],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4_000);
    });
    this.#ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code, signal) => {
        this.#end = signal ?? code ?? 1;
        resolve(this.#end);
      });
    });
    this.#ready = Promise.race([once(this.#child, 'message'), this.#ended]);
  }

  get end(): ProcessEnd | undefined {
    return this.#end;
  }

  get stderr(): string {
    return this.#stderr;
  }

  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  unfreeze(): void {
    this.#child.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async terminate(): Promise<void> {
    await this.#ready;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs);
    await this.#ended;
    clearTimeout(timer);
  }
}

/** More than a consumer gives an event in flight when it stops. */
const patienceMs = 40_000;

/** What a sample needs: the collector, and `queryObjects`, which is experimental. */
const samplingArguments = ['--expose-gc', '--disable-warning=ExperimentalWarning'];
